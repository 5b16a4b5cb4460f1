"""Modules that an author hands out are compiled once, and hold for the very same source only."""

import importlib.machinery

import pytest

from autograder.bytecode import compiled_modules


@pytest.fixture
def loader(tmp_path, monkeypatch):
    """Of a module that stands beside its bytecode; it knows which sources it had to compile."""
    (tmp_path / "helper.py").write_text("ANSWER = 42\n")
    for name, content in compiled_modules(tmp_path).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    loader = importlib.machinery.SourceFileLoader("helper", str(tmp_path / "helper.py"))
    loader.compiled = []
    compile_source = loader.source_to_code

    def source_to_code(data, path, **options):
        loader.compiled.append(bytes(data))
        return compile_source(data, path, **options)

    monkeypatch.setattr(loader, "source_to_code", source_to_code, raising=False)
    return loader


def test_it_is_not_compiled_again(loader):
    namespace = {}
    exec(loader.get_code("helper"), namespace)
    assert namespace["ANSWER"] == 42
    assert loader.compiled == []


def test_who_changes_the_module_gets_the_changed_one(loader, tmp_path):
    (tmp_path / "helper.py").write_text("ANSWER = 43\n")  # as long as before
    namespace = {}
    exec(loader.get_code("helper"), namespace)
    assert namespace["ANSWER"] == 43
    assert loader.compiled == [b"ANSWER = 43\n"]


def test_one_that_is_no_python_is_left_to_fail_where_it_is_imported(tmp_path):
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "good.py").write_text("x = 1\n")
    (tmp_path / "data.csv").write_text("1,2\n")
    (name,) = compiled_modules(tmp_path)
    assert name.startswith("__pycache__/good.")
