package acme.stock;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Plays events back in the order of their time, after a crash. */
public final class Replayer {
    private final EventStore store;

    public Replayer(EventStore store) {
        this.store = store;
    }

    public void replay(long from, Consumer<Event> target) {
        List<Event> events = store.since(from);
        events.sort(Comparator.comparingLong(Event::at));
        events.forEach(target);
    }
}
