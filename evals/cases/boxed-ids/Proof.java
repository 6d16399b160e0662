import acme.team.Chart;
import acme.team.Mailing;
import acme.team.Member;
import java.util.List;

/** A manager with a usual id has a report. */
public class Proof {
    public static void main(String[] arguments) {
        Chart chart = new Chart(List.of(new Member(1000, "Ada", 999), new Member(1001, "Bo", 1000)));
        String receivers = new Mailing(chart).receivers(1000);
        if (!receivers.equals("Bo")) {
            System.err.println("DEFECT: nobody reports to 1000");
            System.exit(1);
        }
    }
}
