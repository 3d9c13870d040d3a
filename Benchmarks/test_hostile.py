"""Tests of what hostile clients send: `python3 -m unittest discover Benchmarks`."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from lib import hostile  # noqa: E402


def frames(sent):
    """(type, flags, stream, payload) of each frame behind the preface."""
    assert sent.startswith(hostile.PREFACE)
    at, found = len(hostile.PREFACE), []
    while at < len(sent):
        length = int.from_bytes(sent[at:at + 3], "big")
        payload = sent[at + 9:at + 9 + length]
        assert len(payload) == length
        found.append((sent[at + 3], sent[at + 4], int.from_bytes(sent[at + 5:at + 9], "big"), payload))
        at += 9 + length
    return found


class Encoding(unittest.TestCase):
    def test_integers_of_the_specification(self):
        self.assertEqual(hostile.integer(10, 5), bytes([10]))
        self.assertEqual(hostile.integer(1337, 5), bytes([31, 154, 10]))
        self.assertEqual(hostile.integer(42, 8), bytes([42]))

    def test_long_blocks_are_cut(self):
        cut = frames(hostile.PREFACE + hostile.headers(1, bytes(40_000)))
        self.assertEqual([(kind, flags, len(payload)) for kind, flags, _, payload in cut],
                         [(1, 1, 16_384), (9, 0, 16_384), (9, 4, 7_232)])


class Attacks(unittest.TestCase):
    def test_each_is_made_of_whole_frames_within_the_limits(self):
        for attack in hostile.ATTACKS:
            with self.subTest(attack.title):
                sent = frames(attack.bytes())
                self.assertEqual(sent[0][0], hostile.SETTINGS)
                self.assertLessEqual(max(len(payload) for *_, payload in sent), hostile.LARGEST)
                streams = {stream for kind, _, stream, _ in sent if kind == hostile.HEADERS}
                self.assertIn(len(streams), (0, 1, hostile.STREAMS))

    def test_a_head_without_an_end_has_none(self):
        self.assertFalse(any(flags & hostile.END_HEADERS for kind, flags, *_ in frames(hostile.unfinished_head()) if kind != 4))

    def test_the_bomb_is_small_on_the_wire(self):
        # 7 times 3,900 bytes for each request, all in all 3.5 MB.
        self.assertLess(len(hostile.bomb()), 24_000)


if __name__ == "__main__":
    unittest.main()
