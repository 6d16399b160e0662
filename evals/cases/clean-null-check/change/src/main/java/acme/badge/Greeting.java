package acme.badge;

/** What the door says. */
public final class Greeting {
    private final Directory directory;

    public Greeting(Directory directory) {
        this.directory = directory;
    }

    public String of(String badge) {
        return directory.find(badge).map(Greeting::welcome).orElse("Please see the reception.");
    }

    private static String welcome(Person person) {
        return person.first().isBlank() ? "Welcome!" : "Welcome, " + person.first() + "!";
    }
}
