package jakarta.annotation;

/** An annotation of the generated code, which means nothing to a running program. */
public @interface Generated {
    String[] value() default {};

    String comments() default "";
}
