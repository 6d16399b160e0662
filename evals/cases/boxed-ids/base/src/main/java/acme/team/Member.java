package acme.team;

/** Somebody of a team; {@code managerId} is 0 for nobody. */
public record Member(int id, String name, int managerId) {}
