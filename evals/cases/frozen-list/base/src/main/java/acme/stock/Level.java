package acme.stock;

/** Sums pieces; order does not matter. */
public final class Level {
    private final EventStore store;

    public Level(EventStore store) {
        this.store = store;
    }

    public int of(String article) {
        int pieces = 0;
        for (Event event : store.since(0)) {
            if (event.article().equals(article)) {
                pieces += event.pieces();
            }
        }
        return pieces;
    }
}
