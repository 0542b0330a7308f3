"""Who somebody is to the head of the household, in the words of the form (주민등록법 시행령 별지, 세대주와의 관계)."""

from collections.abc import Mapping

from central.registers.residents.record import Person

COHABITANT = "동거인"
# The order of the rows on the form.
_RANKS = (
    *("본인", "배우자", "부", "모", "배우자의 부", "배우자의 모", "조부", "조모"),
    *("자녀", "배우자의 자녀", "자녀의 배우자", "손", "형제자매", COHABITANT),
)


def relation(head: Person, person: Person, people: Mapping[int, Person]) -> str:
    """`person` as the head's 배우자, 자녀, 부 …; 동거인 when no kinship is known. `people` holds whoever links them."""
    if person.id == head.id:
        return "본인"
    if head.spouse == person.id:
        return "배우자"
    parent = _as_parent(head, person) or _of_spouse(people.get(head.spouse), person)
    return parent or _as_younger(head, person, people) or COHABITANT


def rank(word: str, born: str) -> tuple[int, str]:
    """Sorts members as the form lists them: the head first, the older before the younger."""
    return _RANKS.index(word), born


def _as_parent(head: Person, person: Person) -> str:
    return {head.father: "부", head.mother: "모"}.get(person.id, "")


def _of_spouse(spouse: Person | None, person: Person) -> str:
    if spouse is None:
        return ""
    if word := _as_parent(spouse, person):
        return f"배우자의 {word}"
    return ""


def _as_younger(head: Person, person: Person, people: Mapping[int, Person]) -> str:
    parents = _parents(person)
    if head.id in parents:
        return "자녀"
    if head.spouse and head.spouse in parents:
        return "배우자의 자녀"
    if person.spouse in people and head.id in _parents(people[person.spouse]):
        return "자녀의 배우자"
    if any(head.id in _parents(people[parent]) for parent in parents if parent in people):
        return "손"
    if parents & _parents(head):
        return "형제자매"
    grandparents = {
        elder for parent in _parents(head) if parent in people for elder in _parents(people[parent])
    }
    if person.id in grandparents:
        return "조모" if person.female else "조부"
    return ""


def _parents(person: Person) -> set[int]:
    return {person.father, person.mother} - {0}
