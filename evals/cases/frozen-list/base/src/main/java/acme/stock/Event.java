package acme.stock;

/** Something that happened to one article; {@code at} is milliseconds since the epoch. */
public record Event(long at, String article, int pieces) {}
