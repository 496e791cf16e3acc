"""What is worked out once an object."""

from dataclasses import dataclass

from contextlib_news.reading.once import once


@dataclass(frozen=True)
class Text:
    words: str

    @once
    def length(self) -> int:
        """Its length."""
        CALLS.append(self.words)
        return len(self.words)


CALLS: list[str] = []


def test_worked_out_at_the_first_look_and_kept() -> None:
    one, other = Text("abc"), Text("de")
    assert (one.length, one.length, other.length) == (3, 3, 2)
    assert CALLS == ["abc", "de"]


def test_the_class_gives_the_property_with_its_words() -> None:
    assert isinstance(Text.length, once)
    assert Text.length.__doc__ == "Its length."
