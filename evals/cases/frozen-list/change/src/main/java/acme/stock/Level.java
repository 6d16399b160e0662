package acme.stock;

/** Sums pieces; order does not matter. */
public final class Level {
    private final EventStore store;

    public Level(EventStore store) {
        this.store = store;
    }

    public int of(String article) {
        return store.since(0).stream()
            .filter(event -> event.article().equals(article))
            .mapToInt(Event::pieces)
            .sum();
    }
}
