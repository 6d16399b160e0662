package acme.badge;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who owns which badge. */
public final class Directory {
    private final Map<String, Person> people = new ConcurrentHashMap<>();

    public void put(String badge, Person person) {
        people.put(badge, person);
    }

    public Optional<Person> find(String badge) {
        return Optional.ofNullable(people.get(badge));
    }
}
