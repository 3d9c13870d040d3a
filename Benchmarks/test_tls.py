"""Tests of the comparison of TLS: `python3 -m unittest discover Benchmarks`."""
import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from lib import servers, tls, variants  # noqa: E402


def command():
    loader = importlib.machinery.SourceFileLoader("tls_command", str(HERE / "tls"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("tls_command", loader))
    loader.exec_module(module)
    return module


class Configurations(unittest.TestCase):
    def test_every_proxy_gets_tls(self):
        for name, variant in variants.all_variants("martlet").items():
            if name in tls.PLACES:
                text = (HERE / variant.template).read_text()
                self.assertIn("/certs/both.pem", tls.secured(variant, "/certs").edit(text))

    def test_a_configuration_without_a_place_is_a_failure(self):
        variant = variants.all_variants("martlet")["nginx"]
        with self.assertRaises(servers.Failure):
            tls.secured(variant, "/certs").edit("nothing of the kind")


class Verdicts(unittest.TestCase):
    def test_ratios_are_taken_within_a_round(self):
        self.assertEqual(command().ratio({"martlet": [10, None, 40], "nginx": [20, 1, 80]}, "nginx"), 0.5)

    def test_a_goal_is_met_or_not(self):
        row = command().row
        self.assertTrue(row("request", "", "", {"martlet": [85], "nginx": [100]}, ["martlet", "nginx"])[0])
        self.assertFalse(row("request", "", "", {"martlet": [86], "nginx": [100]}, ["martlet", "nginx"])[0])
        self.assertIsNone(row("idle", "", "", {"martlet": [None], "nginx": [100]}, ["martlet", "nginx"])[0])


if __name__ == "__main__":
    unittest.main()
