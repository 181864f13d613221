"""Follow-ups: which is asked next, how it quotes the candidate, and when none is asked."""

from __future__ import annotations

import pytest

from tests.readers import ScriptedReader
from voicemock.analysis.analyze import analyze
from voicemock.analysis.lexicon import Lexicon
from voicemock.coaching.claims import Claim, find_sure_claims
from voicemock.coaching.follow_ups import FollowUps
from voicemock.coaching.probes import Listened, Listening, Probe, book_of
from voicemock.content.evidence import load_evidence
from voicemock.content.questions import QuestionBank
from voicemock.content.yaml_files import load_yaml, prompts_folder
from voicemock.models import Assessment, Feedback, Framework, Question, transcript_of_text

BANK = QuestionBank.load()
FOLLOW_UPS = FollowUps.load()
LEXICON = Lexicon.load()
KINDS = {f"probe-{probe.name}": file.kind for file in FOLLOW_UPS.files for probe in file.probes}
GAPS = {f"probe-{probe.name}": probe.gap for file in FOLLOW_UPS.files for probe in file.probes}

STORY = BANK.get("delivery-story-recovered")
TRIAGE = BANK.get("dependency-four-week-slip")
DESIGN = BANK.get("design-notification-system")
FORMATS = ("explain", "retrospective", "pitch", "program", "diagnose")

BACKGROUND = (
    "Last year I was a program manager at a payments company, and our checkout was failing every Friday evening. "
    "My job was to bring it back within one quarter. "
)
ACTIONS = (
    "First I pulled the logs of six weeks and found that one database took every write. "
    "I sharded the orders across four databases. I wrote the runbook for the night with the two tech leads. "
    "I decided to move the smallest market first, because we could still go back from there. "
)
RESULT = "As a result failed checkouts went down from 9 percent to 2 percent within a month."
WHOLE = BACKGROUND + ACTIONS + RESULT
HEARD = {
    "Last year I was a program manager at a payments company, and our checkout was failing every Friday evening.": (
        "situation"
    ),
    "My job was to bring it back within one quarter.": "task",
    "First I pulled the logs of six weeks and found that one database took every write.": "action data_used",
    "I sharded the orders across four databases.": "action scaling decision",
    "I wrote the runbook for the night with the two tech leads.": "action operations",
    "I decided to move the smallest market first, because we could still go back from there.": "action decision reason",
    RESULT: "result outcome_figure",
}
"""What the reader finds in WHOLE."""
HAPPY = "As a result the checkout became much more stable and everybody was happy."
CLAIMED = "action component decision"
"""What a sentence holds that tells of something built."""


def assess(
    text: str, question: Question | None = STORY, heard: dict[str, str] | None = None, verdicts: tuple[str, ...] = ()
) -> Assessment:
    """Measure a text as an answer to a question; the reader finds what is ``heard`` besides WHOLE."""
    name = question.framework if question else "star"
    framework = load_yaml(prompts_folder() / "frameworks" / f"{name}.yaml", Framework)
    transcript = transcript_of_text(text)
    return Assessment(
        source="",
        question=question.summary() if question else None,
        transcript=transcript,
        analysis=analyze(
            transcript,
            framework=framework,
            target=(180, 240),
            lexicon=LEXICON,
            reader=ScriptedReader(HEARD | (heard or {}), verdicts),
            question=question,
        ).analysis,
        feedback=Feedback(spoken="", points=()),
    )


def exchange(
    text: str, count: int = 3, reply: str = "", heard: dict[str, str] | None = None, **options: object
) -> list[Question]:
    """Return the follow-ups to an answer, each replied to with the same words, or the answer's own."""
    said, asked = [assess(text, heard=heard)], list[Question]()
    while len(asked) < count:
        probe = FOLLOW_UPS.next_probe(said, STORY, asked=[each.id for each in asked], **options)  # type: ignore[arg-type]
        if probe is None:
            break
        asked.append(probe)
        said.append(assess(reply or text, heard=heard).model_copy(update={"question": probe.summary()}))
    return asked


def first(
    text: str, question: Question | None = STORY, heard: dict[str, str] | None = None, **options: object
) -> Question:
    probe = FOLLOW_UPS.next_probe([assess(text, question, heard)], question, **options)  # type: ignore[arg-type]
    assert probe is not None
    return probe


# --- what is asked first ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        (BACKGROUND + ACTIONS, "result"),
        (BACKGROUND + ACTIONS + HAPPY, "number"),
        ("I led a program. It went well in the end.", "brief"),
        (ACTIONS + RESULT, "situation"),
    ],
)
def test_what_limits_an_answer_most_is_asked_first(text: str, gap: str) -> None:
    assert GAPS[first(text, heard={HAPPY: "result"}).id] == gap


def test_a_team_without_an_i_is_asked_for_ones_own_part() -> None:
    text = BACKGROUND + (
        "First we pulled the logs of six weeks and found one slow database. Then we moved the smallest market first. "
        "We wrote the plan for the cutover. We built a tool that compared both sides. We trained the support team. "
    )
    assert first(text + RESULT).asks_for == "own_part"


def test_a_whole_story_is_asked_about_its_most_specific_claim() -> None:
    probe = first(WHOLE)
    assert probe.id == "probe-sharding-key"
    assert "I sharded the orders across four databases" in probe.text


FAULTS = {
    "no_story": ("", "no_event"),
    "opposite": ("", "other_question"),
    "bullets": ("bullet", "notes"),
    "sole_credit": ("sole_credit", "credit"),
    "blame": ("blame", "blame"),
    "contempt": ("contempt", "blame"),
    "platitudes": ("platitude", "general"),
    "we_not_i": ("team_acts", "own_part"),
}
"""What the reader says of a story, the evidence that agrees, and the gap that is asked about."""
PLAN_FAULTS = {"escalation_only": "hand_over", "no_decision": "choice", "platitudes": "general"}


@pytest.mark.parametrize("verdict", PLAN_FAULTS)
def test_so_is_what_the_feedback_would_say_of_a_plan(verdict: str) -> None:
    evidence = {"escalation_only": "escalate", "no_decision": "option", "platitudes": "platitude"}[verdict]
    last = "And then we would all look at it together in the right way, as we have always done it here."
    told = {each: names.replace("decision", "").strip() for each, names in TRIAGED.items()} | {last: evidence}
    verdicts = (f"triage:{verdict}", "lacks:decision")
    probe = FOLLOW_UPS.next_probe([assess(" ".join(told), TRIAGE, told, verdicts)], TRIAGE)
    assert probe is not None
    assert GAPS[probe.id] == PLAN_FAULTS[verdict]


OURS = "We wrote the runbook, and we told the support team."
TALKED = "That was about what I usually do."


@pytest.mark.parametrize("verdict", FAULTS)
def test_what_the_feedback_would_say_first_is_asked_about(verdict: str) -> None:
    evidence, gap = FAULTS[verdict]
    told = {OURS: f"action {evidence}".strip(), RESULT: "" if verdict == "no_story" else HEARD[RESULT]}
    text = f"{BACKGROUND}{OURS if verdict == 'we_not_i' else f'{ACTIONS}{OURS}'} {RESULT}"
    said = assess(text, heard=told, verdicts=(f"star:{verdict}",))
    probe = FOLLOW_UPS.next_probe([said], STORY)
    assert probe is not None
    assert GAPS[probe.id] == gap


def test_a_figure_that_the_reader_does_not_miss_is_not_asked_for() -> None:
    text = BACKGROUND + ACTIONS + HAPPY
    asked = [first(text, heard={HAPPY: f"result {figure}".strip()}).id for figure in ("", "outcome_figure")]
    assert [GAPS[each] for each in asked] == ["number", None]


def test_a_story_is_not_asked_first_for_its_task_or_about_a_number() -> None:
    told = (
        BACKGROUND.split(". ")[0] + ". " + ACTIONS.replace("I sharded the orders across four databases. ", "") + RESULT
    )
    probe = first(told)
    assert KINDS[probe.id] == "open"
    assert "percent" not in probe.text


ANSWERED = {
    "open-differently": ("lesson", "Since then I ask for the data before I show my own design."),
    "open-what-else": ("option", "I could also have bought it instead of building it."),
    "open-against": ("negotiate", "The sales lead was against it, so I gave her the first week."),
    "open-nearly-wrong": ("risk", "The risk was that we could not go back."),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_an_open_question_is_asked_until_it_is_answered(name: str) -> None:
    evidence, sentence = ANSWERED[name]
    wordless = "That happened as well, and I will never forget it."
    asked = [
        {each.id for each in exchange(f"{WHOLE} {told}", count=40, heard={told: holds} if holds else None)}
        for told, holds in ((wordless, ""), (wordless, evidence), (sentence, ""))
    ]
    assert [f"probe-{name}" in each for each in asked] == [True, False, False]


def test_an_open_question_needs_what_it_is_about() -> None:
    undecided = {each: names.replace("decision", "").strip() for each, names in HEARD.items()}
    assert "probe-open-what-else" not in {each.id for each in exchange(WHOLE, count=40, heard=undecided)}


@pytest.mark.parametrize("framework", ["star", "triage", "design", *FORMATS])
def test_every_kind_of_answer_has_open_questions(framework: str) -> None:
    found = [probe for file in FOLLOW_UPS.files for probe in file.probes if file.kind == "open"]
    assert sum(framework in probe.frameworks for probe in found) >= 2


def test_a_story_about_a_failure_is_asked_for_its_lesson() -> None:
    assert GAPS[first(WHOLE, BANK.get("failed-program")).id] == "lesson"


def test_a_follow_up_is_a_question_of_the_interview() -> None:
    probe = first(WHOLE)
    assert probe.kind == "follow_up"
    assert probe.asks_for == "decision"
    assert (probe.pillar, probe.framework, probe.competency) == (STORY.pillar, STORY.framework, STORY.competency)
    assert (probe.companies, probe.level) == (STORY.companies, STORY.level)
    assert (probe.target_min_s, probe.target_max_s) == (30, 90)
    assert len(probe.strong_answer) >= 2
    assert probe.common_mistakes


def test_a_story_without_a_question_is_probed_too() -> None:
    probe = first(WHOLE, None)
    assert probe.kind == "follow_up"
    assert probe.framework == "star"


# --- three in a row ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["warm", "neutral", "pressing"])
def test_three_follow_ups_differ_in_kind(style: str) -> None:
    kinds = [KINDS[probe.id] for probe in exchange(WHOLE, style=style)]
    assert len(set(kinds)) == 3


def test_the_same_is_never_asked_twice() -> None:
    asked = exchange(WHOLE, count=60)
    assert len(asked) > 6
    assert len({probe.id for probe in asked}) == len(asked)


def test_what_was_asked_in_the_interview_before_is_not_asked_again() -> None:
    again = FOLLOW_UPS.next_probe([assess(WHOLE)], STORY, asked={first(WHOLE).id})
    assert again is not None
    assert again.id != first(WHOLE).id


def test_a_pressing_interviewer_pushes_early_and_a_warm_one_late() -> None:
    def first_push(style: str) -> int:
        return [KINDS[probe.id] for probe in exchange(WHOLE, count=9, style=style)].index("pushback")

    assert first_push("pressing") <= 1
    assert first_push("warm") >= 2
    assert first_push("pressing") <= first_push("neutral") <= first_push("warm")


def test_an_unknown_style_asks_as_the_neutral_one() -> None:
    assert first(WHOLE, style="grim") == first(WHOLE, style="neutral")


def test_the_same_answer_and_seed_give_the_same_follow_ups() -> None:
    assert exchange(WHOLE, seed=7) == exchange(WHOLE, seed=7)


def test_another_seed_may_choose_among_what_is_worth_the_same() -> None:
    text = BACKGROUND + ACTIONS + "As a result the checkout was fine again."
    assert len({first(text, seed=seed).id for seed in range(20)}) > 1


# --- replies ----------------------------------------------------------------------------------------------


def test_a_number_given_in_the_reply_is_not_asked_for_again() -> None:
    asked = exchange(
        BACKGROUND + ACTIONS, count=8, reply="Failed checkouts went down from 9 percent to 2 percent within a month."
    )
    assert GAPS[asked[0].id] == "result"
    assert {"result", "number"}.isdisjoint(GAPS[probe.id] for probe in asked[1:])


def test_what_the_reply_has_covered_is_not_asked() -> None:
    said = [assess(WHOLE)]
    reply = assess("We had hot keys for the biggest customer, so we split that region again by customer.")
    said.append(reply.model_copy(update={"question": STORY.summary()}))
    probe = FOLLOW_UPS.next_probe(said, STORY)
    assert probe is not None
    assert probe.id != "probe-sharding-key"


def test_a_reply_may_be_dug_into() -> None:
    said = [assess(WHOLE)]
    probe = first(WHOLE)
    told = "We split by region, and I set up a dead letter queue for the orders that failed."
    reply = assess(told, heard={told: CLAIMED})
    said.append(reply.model_copy(update={"question": probe.summary()}))
    asked = {probe.id}
    for _ in range(4):
        following = FOLLOW_UPS.next_probe(said, STORY, asked=asked)
        assert following is not None
        asked.add(following.id)
    assert "probe-dead-letter-queue" in asked


# --- the job description ----------------------------------------------------------------------------------


def test_what_the_job_is_about_is_asked_before_the_rest() -> None:
    told = "I introduced feature flags. I built a data pipeline. I sharded the orders."
    text, heard = f"{BACKGROUND}{told} {RESULT}", {told: CLAIMED}
    assert first(text, heard=heard, topics=["release"]).id == "probe-feature-flag"
    assert first(text, heard=heard, topics=["Analytics"]).id == "probe-data-pipeline"


# --- what is no answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Um, uh.",
        "I don't know.",
        "Sorry, I have no example of that.",
        "You are an idiot and this is a waste of my time.",
        "program program program program program program program program program program",
        "Entschuldigung, ich habe gestern leider keine Zeit gehabt und möchte lieber auf Deutsch antworten.",
        STORY.text,
    ],
)
def test_what_is_no_answer_is_not_probed(text: str) -> None:
    assert FOLLOW_UPS.next_probe([assess(text)], STORY) is None


def test_an_answer_off_the_topic_is_asked_once_more_in_other_words() -> None:
    text = (
        "My grandmother bakes the best bread. You take flour and butter and yeast, and then you let the dough rest in "
        "the kitchen overnight, and in the morning you put it into the oven with a bowl of water and some salt."
    )
    said = [assess(text)]
    assert said[0].analysis.relevance is not None
    assert said[0].analysis.relevance.kind == "off_topic"
    again = FOLLOW_UPS.next_probe(said, STORY)
    assert again is not None
    assert again.text.startswith("Let me put it differently.")
    said.append(assess(text).model_copy(update={"question": again.summary()}))
    assert FOLLOW_UPS.next_probe(said, STORY, asked={again.id}) is None


def test_after_an_insult_nothing_is_asked() -> None:
    said = [assess(WHOLE), assess("You are an idiot and this is a waste of my time.")]
    assert FOLLOW_UPS.next_probe(said, STORY) is None


def test_one_reply_without_an_answer_leads_elsewhere_and_two_end_it() -> None:
    probe = first(WHOLE)
    nothing = assess("I don't know.").model_copy(update={"question": probe.summary()})
    assert FOLLOW_UPS.next_probe([assess(WHOLE), nothing], STORY, asked={probe.id}) is not None
    assert FOLLOW_UPS.next_probe([assess(WHOLE), nothing, nothing], STORY, asked={probe.id}) is None


def test_nothing_said_at_all_is_not_probed() -> None:
    assert FOLLOW_UPS.next_probe([], STORY) is None


# --- what a sentence says ---------------------------------------------------------------------------------

SAID = "We asked the wrong two vendors to test it for three weeks"
BEFORE, AFTER = "It was raining that week in Lyon.", "The office had three floors and a yard."
SURE_PROBES = [probe for file in FOLLOW_UPS.files for probe in file.probes if probe.evidence]


def sure_claim(probe: Probe, holds: str, before: str = "", after: str = "", said: str = SAID) -> Claim | None:
    """Return the claim of a probe in a story of three sentences, each holding the evidence named."""
    framework = load_yaml(prompts_folder() / "frameworks" / f"{probe.frameworks[0]}.yaml", Framework)
    heard = {f"{said}.": holds, BEFORE: before, AFTER: after}
    listened = Listened(assess(f"{BEFORE} {said}. {AFTER}", None, heard), framework)
    books = book_of({probe.name: probe.heard}), book_of({probe.name: probe.unless})
    return find_sure_claims(Listening((listened,), LEXICON), [probe], *books).get(probe.name)


@pytest.mark.parametrize("probe", SURE_PROBES, ids=lambda probe: probe.name)
def test_a_sentence_is_asked_about_and_quoted_for_what_it_says(probe: Probe) -> None:
    claim = sure_claim(probe, " ".join(probe.evidence))
    assert claim is not None
    assert claim.quote == SAID


@pytest.mark.parametrize("probe", SURE_PROBES, ids=lambda probe: probe.name)
def test_it_is_not_asked_about_where_any_of_that_is_not_there(probe: Probe) -> None:
    for left_out in probe.evidence:
        assert sure_claim(probe, " ".join(each for each in probe.evidence if each != left_out)) is None


@pytest.mark.parametrize("probe", SURE_PROBES, ids=lambda probe: probe.name)
def test_it_is_not_asked_about_where_the_answer_stands_beside_it(probe: Probe) -> None:
    said = " ".join(probe.evidence)
    for answering in probe.told_near:
        assert sure_claim(probe, f"{said} {answering}") is None
        assert sure_claim(probe, said, before=answering) is None
        assert sure_claim(probe, said, after=answering) is None
    for answering in probe.told:
        assert sure_claim(probe, said, after=answering) is None


@pytest.mark.parametrize(
    ("name", "said", "is_asked"),
    [
        ("plan-not-as-hoped", "I would ask the vendor what it really takes", True),
        ("plan-not-as-hoped", "I would look up the approval matrix first", False),
        ("plan-change-mind", "I would go back to the old vendor then", True),
        ("plan-change-mind", "If it is below ten I would go back to them", False),
        ("plan-figure", "Every week of it costs us forty thousand", True),
        ("plan-figure", "Every week of it costs us a customer", False),
    ],
)
def test_a_sentence_is_asked_about_for_its_words_too(name: str, said: str, is_asked: bool) -> None:
    probe = next(probe for probe in SURE_PROBES if probe.name == name)
    assert (sure_claim(probe, " ".join(probe.evidence), said=said) is not None) == is_asked


@pytest.mark.parametrize("beside", ["aside", "other_story", "contempt", "talk_about_answering"])
def test_a_sentence_beside_the_point_is_not_asked_about(beside: str) -> None:
    assert sure_claim(SURE_PROBES[0], f"{' '.join(SURE_PROBES[0].evidence)} {beside}") is None


def test_evidence_that_a_probe_names_exists() -> None:
    known = {each.name for each in load_evidence()}
    for file in FOLLOW_UPS.files:
        for probe in file.probes:
            assert {*probe.evidence, *probe.told_near, *probe.told, *probe.about} <= known


# --- claims: what was done, not what was mentioned ---------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "probe"),
    [
        ("I put a load balancer in front of the servers.", "load-balancer"),
        ("I moved the receipts behind a Kafka topic.", "kafka-ordering"),
        ("I added read replicas for the reports.", "replication-lag"),
        ("I made the callbacks idempotent.", "idempotency"),
        ("I put the new flow behind a feature flag.", "feature-flag"),
        ("I wrote the API contract with the partner.", "api-contract"),
        ("I set an error budget with the product side.", "slo"),
        ("I cut the scope to the two markets that mattered.", "scope-or-date"),
        ("I escalated to the vice president of engineering.", "escalation-when"),
        ("I mentored the engineer who led the rollout.", "mentoring"),
    ],
)
def test_a_claim_triggers_its_probe(sentence: str, probe: str) -> None:
    text = BACKGROUND + f"First I looked at the data. {sentence} " + RESULT
    assert f"probe-{probe}" in {each.id for each in exchange(text, count=4, heard={sentence: CLAIMED})}


@pytest.mark.parametrize("beside", ["aside", "other_story"])
def test_what_is_told_beside_the_point_is_not_asked_about(beside: str) -> None:
    sentence = "I put a load balancer in front of the servers."
    text = BACKGROUND + f"First I looked at the data. {sentence} " + RESULT
    assert "probe-load-balancer" not in {
        each.id for each in exchange(text, count=40, heard={sentence: f"{CLAIMED} {beside}"})
    }


@pytest.mark.parametrize(
    ("sentence", "probe"),
    [
        ("I filled the sales pipeline with new deals.", "data-pipeline"),
        ("There were shards of glass on the floor.", "sharding-key"),
        ("I was on call with the customer for an hour.", "on-call"),
        ("I called my partner about the canary that she keeps.", "canary"),
        ("I kept the minutes in a cache of documents.", "cache-invalidation"),
        ("I resolved the merge conflicts between the branches.", "conflict-words"),
        ("I rebuilt the trust of the team.", "rewrite-or-extend"),
        ("I hired by the book, and I was hired as a lead.", "hiring"),
        ("I looked at the cost of customer acquisition.", "reorg"),
        ("I asked about their vision, computer vision to be exact.", "think-big"),
        ("I agreed to disagree with the lead.", "they-agree-and-do-nothing"),
        ("We did not use a load balancer.", "load-balancer"),
        ("I should have put a cache in front.", "cache-invalidation"),
        ("We avoided a rewrite.", "rewrite-or-extend"),
        ("I learned that feature flags are worth it.", "feature-flag"),
    ],
)
def test_a_word_that_means_something_else_triggers_nothing(sentence: str, probe: str) -> None:
    text = BACKGROUND + f"First I looked at the data. {sentence} " + RESULT
    asked = exchange(text, count=40, heard={sentence: CLAIMED})
    assert f"probe-{probe}" not in {each.id for each in asked}


def test_background_and_what_others_did_is_no_claim() -> None:
    text = (
        "Last year I joined a company where they had sharded everything. The vendor had a dead letter queue. "
        + ACTIONS.replace("I sharded the orders across four databases. ", "")
        + RESULT
    )
    assert {"probe-sharding-key", "probe-dead-letter-queue"}.isdisjoint(each.id for each in exchange(text, count=40))


def test_what_was_explained_is_not_asked_for() -> None:
    assert first(WHOLE.replace("across four databases", "by region")).id != "probe-sharding-key"
    text = BACKGROUND + "I put a load balancer in front, and the servers were stateless. " + RESULT
    assert "probe-load-balancer" not in {each.id for each in exchange(text, count=40)}


# --- triage and design ------------------------------------------------------------------------------------

TRIAGED = {
    "First I would find out how late they really are and whether it is on the critical path.": "assess",
    "Then we would build a stub, so that our teams can keep working in parallel.": "mitigate decision",
    "I would offer their manager two of my testers for an earlier date.": "negotiate option",
    "And I would tell the stakeholders today what changes for them and when they hear from me again.": "communicate",
}
DESIGNED = {
    "The requirements are ten million users and a minute to arrive.": "requirement",
    "An API service writes to a queue, and workers send the messages to the provider.": "component",
    "As traffic grows ten times, the bottleneck is the queue, so I would shard it.": "scaling",
    "If the provider is down, the messages wait in the queue until it is back.": "failure_handling",
    "The metrics that I would track are the delivery rate and the latency.": "metric",
}


@pytest.mark.parametrize(
    ("question", "told", "left_out"),
    [(question, told, each) for question, told in ((TRIAGE, TRIAGED), (DESIGN, DESIGNED)) for each in told],
)
def test_a_plan_is_asked_for_the_part_that_it_lacks(question: Question, told: dict[str, str], left_out: str) -> None:
    probe = first(" ".join(each for each in told if each != left_out), question, told)
    assert probe.framework == question.framework
    parts = BANK.framework(question.framework).parts
    (lacking,) = [part.name for part in parts if {*part.evidence} & {*told[left_out].split()}]
    assert GAPS[probe.id] == lacking
