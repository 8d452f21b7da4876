"""A catalogue in memory: ordinals ascend by id, and postings are the scenes' terms seen from the other side."""

from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.values import Term

SCENES = st.dictionaries(
    st.integers(1, 10_000), st.dictionaries(st.integers(1, 9), st.floats(1, 5000), max_size=5), max_size=20
)


@given(SCENES)
def test_postings_are_the_terms_of_scenes(scenes: dict[int, dict[int, float]]) -> None:
    catalogue = MemoryCatalogue.build(CatalogueScene(key, terms=terms) for key, terms in scenes.items())
    assert list(catalogue.scene_ids) == sorted(scenes)
    assert catalogue.described == sum(1 for terms in scenes.values() if terms)
    told = {(ordinal, *each[:1]) for ordinal in range(len(scenes)) for each in catalogue.terms_of(ordinal)}
    posted = {(ordinal, term) for term in range(1, 10) for ordinal in catalogue.posting(term).ordinals}
    assert told == posted
    for scene_id, terms in scenes.items():
        ordinal = catalogue.ordinal(scene_id)
        assert ordinal is not None
        assert {each.term for each in catalogue.terms_of(ordinal)} == set(terms)


def test_everything_is_found_by_its_name() -> None:
    catalogue = MemoryCatalogue.build(
        [
            CatalogueScene(20, "Second", studio=3, performers=(5,), terms={1: 30.0, 2: 5.0}),
            CatalogueScene(10, "First", performers=(5, 6), terms={1: 60.0}),
        ],
        terms=[Term(1, "kissing", 77), Term(2, "a red sofa")],
        names={("performer", 5): "Ann", ("studio", 3): "Acme"},
    )
    assert [catalogue.name("scene", 10), catalogue.name("performer", 5), catalogue.name("studio", 3)] == [
        "First",
        "Ann",
        "Acme",
    ]
    assert (catalogue.name("term", 2), catalogue.tag_id_of(2), catalogue.name("performer", 9)) == (
        "a red sofa",
        None,
        "",
    )
    assert (catalogue.term_of_tag(77), catalogue.tag_id_of(1), catalogue.term_of_tag(1)) == (1, 77, None)
    assert (list(catalogue.scenes_of_performer(5)), list(catalogue.scenes_of_studio(3))) == ([0, 1], [1])
    assert (catalogue.ordinal(20), catalogue.ordinal(15), catalogue.document_frequency(1)) == (1, None, 2)
