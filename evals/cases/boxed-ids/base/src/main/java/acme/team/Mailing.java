package acme.team;

import java.util.stream.Collectors;

/** Whom a manager's message goes to. */
public final class Mailing {
    private final Chart chart;

    public Mailing(Chart chart) {
        this.chart = chart;
    }

    public String receivers(int managerId) {
        return chart.reportsOf(managerId).stream().map(Member::name).collect(Collectors.joining(", "));
    }
}
