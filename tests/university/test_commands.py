"""`lossgrad export` and `lossgrad collect` as they are typed: what they print, how they exit."""

import sys

import pytest

from autograder import cli
from tests.university.archive import make, moodle, worksheet
from tests.university.test_canvas import GRADEBOOK, read


@pytest.fixture
def lossgrad(university, monkeypatch, capsys):
    """Type a command in the course folder; return its exit code, output and errors."""

    def lossgrad(*words):
        monkeypatch.setattr(sys, "argv", ["lossgrad", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        output = capsys.readouterr()
        return left.value.code or 0, output.out, output.err

    return lossgrad


class TestOutput:
    def test_of_canvas(self, university, lossgrad):
        university.graded("ann", auto=12.5, hand=None)
        university.write("gradebook.csv", GRADEBOOK)
        code, out, err = lossgrad("export", "canvas", "mse", "--roster", "gradebook.csv")
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            "wrote 1 grades to canvas.csv",
            "look at  mse: Canvas posts its grades by hand; students see them when you post them",
            "look at  mse, ann: its hand-graded part is still open",
            "next: In Canvas: Grades > Import, choose canvas.csv",
        ]
        assert read(university.root / "canvas.csv")[1]["101"] == {"MSE (77)": "12.50"}

    def test_says_with_code_3_what_is_left_out(self, university, lossgrad):
        university.graded("\x1b[2Jeve")
        university.write("gradebook.csv", GRADEBOOK)
        code, out, _ = lossgrad("export", "canvas", "mse", "--roster", "gradebook.csv")
        assert code == 3
        assert "left out  mse, �[2Jeve: nobody of that id is in gradebook.csv" in out

    def test_of_a_column_that_is_said(self, university, lossgrad):
        university.graded("ann")
        university.write("gradebook.csv", GRADEBOOK)
        words = ("export", "canvas", "mse", "--roster", "gradebook.csv", "--to", "out.csv")
        assert lossgrad(*words, "--column", "mse=Cross Entropy (78)", "--rescale")[0] == 0
        assert read(university.root / "out.csv")[0] == {"Cross Entropy (78)": "23.00"}
        code, _, err = lossgrad(*words, "--column", "hinge=Cross Entropy (78)")
        assert (code, "hinge is none of the units" in err) == (1, True)

    @pytest.mark.parametrize("system", ["moodle", "gradescope"])
    def test_of_others_needs_no_roster(self, university, lossgrad, system):
        university.graded("ann")
        code, out, err = lossgrad("export", system)
        assert (code, err) == (0, "")
        assert f"to {system}.csv" in out
        assert "next: " in out

    def test_of_collecting_and_of_feedback(self, university, lossgrad):
        university.write("worksheet.csv", worksheet())
        moodle(university.root / "a.zip")
        words = ("collect", "moodle", "mse", "a.zip", "--roster", "worksheet.csv")
        code, out, err = lossgrad(*words)
        assert (code, err) == (3, "")  # the online text is of no use
        assert out.startswith("collected mse of 50 students from a.zip\nleft out  Ann Lee_9000_")
        assert out.endswith("next: lossgrad grade mse\n")
        assert "; of 50 nothing new" in lossgrad(*words)[1]

        folder = university.folder / "feedback" / "s000" / "mse"
        folder.mkdir(parents=True)
        (folder / "mse.html").write_text("page")
        code, out, err = lossgrad("export", "feedback", "moodle", "mse")
        assert (code, err) == (0, "")
        assert out.startswith(
            "wrote the feedback of 1 students to mse-feedback-moodle.zip (1 MB)\n"
        )
        assert "look at  s001: has no feedback\n" in out
        assert "next: in Moodle: the assignment > Submissions > Upload multiple feedback" in out


class TestMistakes:
    """One or two lines each on standard error, and the exit code 1."""

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("export", "canvas", "mse"), "Grades > Export"),
            (("export", "canvas", "mse", "--roster", "none.csv"), "none.csv cannot be read"),
            (("export", "canvas", "mse", "--roster", "."), ". cannot be read"),
            (("export", "canvas", "mse", "--roster", "wrong.csv"), "its columns are Name, Mark"),
            (("export", "canvas", "msee", "--roster", "gradebook.csv"), "No assignment msee"),
            (("export", "canvas", "mse", "--column", "mse"), 'has no "="'),
            (("export", "moodle", "mse", "--to", "none/out.csv"), "none/out.csv cannot be written"),
            (("export", "feedback", "ilias", "mse"), "there is: moodle, canvas"),
            (("export", "feedback", "moodle", "mse"), "nbgrader generate_feedback mse"),
            (
                ("collect", "moodle", "mse", "wrong.csv", "--roster", "worksheet.csv"),
                "not a readable",
            ),
            (
                ("collect", "moodle", "mse", "none.zip", "--roster", "worksheet.csv"),
                "no file none.zip",
            ),
            (
                ("collect", "moodle", "mse", "a.zip", "--roster", "gradebook.csv"),
                "grading worksheet",
            ),
            (("collect", "canvas", "mse", "a.zip", "--roster", "worksheet.csv"), "Grades > Export"),
            (
                ("collect", "moodle", "none", "a.zip", "--roster", "worksheet.csv"),
                "not been released",
            ),
        ],
        ids=" ".join,
    )
    def test_are_told(self, university, lossgrad, words, told):
        university.graded("ann")
        university.write("gradebook.csv", GRADEBOOK)
        university.write("worksheet.csv", worksheet())
        university.write("wrong.csv", "Name,Mark\nAnn,1\n")
        make(university.root / "a.zip", {})
        code, out, err = lossgrad(*words)
        assert (code, out) == (1, "")
        assert told in err
        assert err.startswith("lossgrad: ")
        assert 1 <= len(err.splitlines()) <= 2

    @pytest.mark.parametrize(
        "words",
        [
            ("export", "canvas", "mse"),
            ("export", "moodle", "mse"),
            ("export", "gradescope", "mse"),
            ("export", "feedback", "moodle", "mse"),
            ("collect", "moodle", "mse", "a.zip", "--roster", "r.csv"),
            ("collect", "canvas", "mse", "a.zip", "--roster", "r.csv"),
        ],
        ids=" ".join,
    )
    def test_another_folder_is_no_course(self, lossgrad, tmp_path, monkeypatch, words):
        monkeypatch.chdir(tmp_path)
        code, _, err = lossgrad(*words)
        assert code == 1
        assert "is not the folder of a course" in err

    def test_no_gradebook(self, university, lossgrad):
        (university.folder / "gradebook.db").unlink()
        code, _, err = lossgrad("export", "moodle", "mse")
        assert code == 1
        assert "There is no gradebook" in err
        assert not (university.folder / "gradebook.db").exists()

    def test_a_wrong_option_exits_with_2(self, lossgrad):
        assert lossgrad("collect", "moodle", "mse", "a.zip")[0] == 2
