package acme.badge;

import java.util.Objects;

/** Somebody with a badge. Neither name is ever null. */
public record Person(String first, String last) {
    public Person {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(last, "last");
    }
}
