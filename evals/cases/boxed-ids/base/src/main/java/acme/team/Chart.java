package acme.team;

import java.util.ArrayList;
import java.util.List;

/** Who reports to whom. */
public final class Chart {
    private final List<Member> members;

    public Chart(List<Member> members) {
        this.members = List.copyOf(members);
    }

    /** Those who report to this person directly, in the order of the list. */
    public List<Member> reportsOf(int id) {
        List<Member> found = new ArrayList<>();
        for (Member member : members) {
            if (member.managerId() == id) {
                found.add(member);
            }
        }
        return found;
    }
}
