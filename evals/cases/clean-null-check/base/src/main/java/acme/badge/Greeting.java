package acme.badge;

/** What the door says. */
public final class Greeting {
    private final Directory directory;

    public Greeting(Directory directory) {
        this.directory = directory;
    }

    public String of(String badge) {
        Person person = directory.find(badge).orElse(null);
        if (person == null) {
            return "Please see the reception.";
        }
        if (person.first() == null || person.first().isBlank()) {
            return "Welcome!";
        }
        return "Welcome, " + person.first() + "!";
    }
}
