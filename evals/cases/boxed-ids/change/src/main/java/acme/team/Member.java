package acme.team;

/** Somebody of a team; {@code managerId} is null for nobody. */
public record Member(int id, String name, Integer managerId) {}
