"""The posts that the bench sends: real calls, genuinely signed, each in its order."""

from collections import Counter
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from bench.calls import PUBLIC_URL, SCENARIOS, TOKEN, TURN, Exchange, forms
from bench.telephones import is_expected, is_whole, schedule


def test_every_post_is_signed_as_the_network_signs() -> None:
    validator = RequestValidator(TOKEN)
    for call in Exchange().calls(40):
        for post in call.posts:
            head, _, body = post.request.decode().partition("\r\n\r\n")
            first, *lines = head.split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            form = dict(parse_qsl(body, keep_blank_values=True))
            path = first.split(" ")[1]
            assert validator.validate(PUBLIC_URL + path, form, headers["X-Twilio-Signature"])
            assert int(headers["Content-Length"]) == len(body)


def test_every_call_arrives_first_counts_its_turns_and_ends_with_a_status() -> None:
    for number, story in enumerate(SCENARIOS):
        steps = list(forms(story, number))
        assert steps[0][1] == "/twilio/voice"
        assert steps[-1][1] == "/twilio/status"
        turns = [path for step, path, _ in steps if step.door == TURN]
        assert turns == [f"/twilio/voice/turn/{n}" for n in range(1, len(turns) + 1)]
        assert len({form["CallSid"] for step, _, form in steps if not step.leg}) == 1


def test_no_two_calls_are_the_same_and_no_hour_has_more_rings_than_a_desk_allows() -> None:
    calls = [list(forms(SCENARIOS[n % 5], n)) for n in range(5000)]
    assert len({steps[0][2]["CallSid"] for steps in calls}) == 5000
    hours = Counter(
        (steps[0][2]["To"], steps[0][2]["ExchangeMoment"][:13])
        for steps in calls
        for _, _, form in steps
        if form["CallStatus"] == "ringing" and form["Direction"] == "outbound-dial"
    )
    assert max(hours.values()) < 60


def test_the_schedule_keeps_the_order_of_every_call_and_the_rate_on_average() -> None:
    calls = Exchange().calls(2000)
    plan = schedule(calls, per_second=50, at_once=20, seed=3)
    assert [at for at, _ in plan] == sorted(at for at, _ in plan)
    assert 45 < len(plan) / plan[-1][0] < 55
    for call in calls:
        assert [post for _, post in plan if post.call is call] == call.posts


def test_an_answer_is_whole_with_its_last_byte_and_right_with_its_word() -> None:
    post = Exchange().calls(1)[0].posts[0]
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<Gather/>"
    assert not is_whole(answer[:-1])
    assert is_whole(answer)
    assert is_expected(answer, post)
    assert not is_expected(answer.replace(b"<Gather", b"<Hangup"), post)
    assert not is_expected(answer.replace(b"200 OK", b"500 No"), post)
    assert is_whole(b"HTTP/1.1 204 NO CONTENT\r\nServer: x\r\n\r\n")
