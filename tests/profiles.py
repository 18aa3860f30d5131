"""How hard hypothesis tries: `HYPOTHESIS_PROFILE` is dev (default), ci, nightly or, where a test is run on many mutants, mutants."""

import os

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = {"dev": 100, "ci": 1_000, "nightly": 100_000, "mutants": 50}


def load_profile() -> None:
    """Register the profiles and load the one the environment names."""
    for name, max_examples in EXAMPLES.items():
        settings.register_profile(
            name,
            max_examples=max_examples,
            deadline=None,
            derandomize=name == "ci",
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow],
        )
    # What fails on a mutant need not be made small, nor be tried on the next one.
    settings.register_profile(
        "mutants",
        settings.get_profile("mutants"),
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
    )
    settings.load_profile(_chosen())


def fewer(divisor: int) -> settings:
    """Settings for a test whose one example costs as much as `divisor` small ones; at least 5 examples."""
    return settings(max_examples=max(5, EXAMPLES[_chosen()] // divisor))


def _chosen() -> str:
    return os.environ.get("HYPOTHESIS_PROFILE", "dev")
