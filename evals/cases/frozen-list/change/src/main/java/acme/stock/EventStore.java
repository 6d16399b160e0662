package acme.stock;

import java.util.ArrayList;
import java.util.List;

/** Events of several warehouses, in the order of their arrival (which is not that of their time). */
public final class EventStore {
    private final List<Event> events = new ArrayList<>();

    public synchronized void add(Event event) {
        events.add(event);
    }

    /** The events at or after this moment. */
    public synchronized List<Event> since(long at) {
        return events.stream().filter(event -> event.at() >= at).toList();
    }
}
