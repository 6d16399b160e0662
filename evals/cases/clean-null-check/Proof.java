import acme.badge.Directory;
import acme.badge.Greeting;
import acme.badge.Person;

/** Known, nameless and unknown people are greeted as before. */
public class Proof {
    public static void main(String[] arguments) {
        Directory directory = new Directory();
        directory.put("1", new Person("Ada", "L"));
        directory.put("2", new Person(" ", "L"));
        Greeting greeting = new Greeting(directory);
        String said = greeting.of("1") + greeting.of("2") + greeting.of("3");
        if (!said.equals("Welcome, Ada!Welcome!Please see the reception.")) {
            System.err.println("DEFECT: " + said);
            System.exit(1);
        }
    }
}
