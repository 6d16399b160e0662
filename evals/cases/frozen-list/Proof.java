import acme.stock.Event;
import acme.stock.EventStore;
import acme.stock.Replayer;
import java.util.ArrayList;
import java.util.List;

/** Two events that arrive out of order are replayed by time. */
public class Proof {
    public static void main(String[] arguments) {
        EventStore store = new EventStore();
        store.add(new Event(2, "bolt", 1));
        store.add(new Event(1, "bolt", 5));
        List<Long> seen = new ArrayList<>();
        try {
            new Replayer(store).replay(0, event -> seen.add(event.at()));
        } catch (UnsupportedOperationException error) {
            System.err.println("DEFECT: replay throws " + error);
            System.exit(1);
        }
        if (!seen.equals(List.of(1L, 2L))) throw new AssertionError(seen);
    }
}
