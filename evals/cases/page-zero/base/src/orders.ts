import { type Page, pageOf } from "./paging.ts";

export interface Order {
  id: number;
  cents: number;
}

export class Orders {
  private readonly all: Order[];

  constructor(all: Order[]) {
    this.all = [...all].sort((a, b) => a.id - b.id);
  }

  list(page: number): Page<Order> {
    return pageOf(this.all, page);
  }
}
