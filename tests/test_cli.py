import pytest
from typer.testing import CliRunner

from crm_analysis import cli, sources
from crm_analysis.errors import InputError

run = CliRunner()


def call(*arguments):
    """Call the command inside this process; what a user would see as a message comes as the exception."""
    result = run.invoke(cli.app, [str(argument) for argument in arguments])
    return result


def test_help_names_every_command():
    text = call("--help").output
    for command in ("report", "list", "params", "import", "simulate"):
        assert command in text


def test_the_version_is_printed():
    assert call("--version").output.startswith("crm_analysis 0.")


def test_import_help_lists_every_source_with_an_example():
    text = call("import", "--help").output
    for name in sources.names():
        assert sources.get(name).example in text
        assert sources.get(name).zh in text


def test_every_option_of_every_source_is_an_option_of_the_command():
    text = call("import", "--help").output
    for name in sources.names():
        for option in sources.get(name).options:
            assert f"--{option.replace('_', '-')}" in text


def test_list_shows_the_cases_in_both_languages():
    text = call("list").output
    assert "taobao" in text
    assert "淘宝" in text
    assert "shop" in text


def test_params_tells_kind_default_and_range():
    text = call("params", "taobao").output
    assert "language: str = 'zh'   allowed: zh, en" in text
    assert "报告语言" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "taboa"], "did you mean 'taobao'"),
        (["report", "taobao", "-l", "fr"], "no language 'fr'"),
        (["report", "taobao", "-l", ""], "no language is given"),
        (["report", "taobao", "-p", "langage=zh"], "did you mean 'language'"),
        (["report", "taobao", "-p", "language"], "has no value"),
        (["report", "taobao", "--data", "nowhere"], "no such file or folder"),
        (["import", "taobao", "a.csv", "b"], "no source 'taobao'"),
        (["import", "telco", "a.csv"], "one file and one folder"),
        (["import", "telco", "a.csv", "b", "--users", "3"], "has no option --users"),
        (["import", "taobao-userbehavior", "nowhere.csv", "b"], "no such file"),
        (["simulate", "nothing", "b"], "nothing"),
    ],
)
def test_a_mistake_is_one_message(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call(*arguments)
    assert isinstance(result.exception, InputError)
    assert message in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_tables_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    result = call("report", "taobao", "--data", tmp_path)
    assert "the folder holds no tables" in str(result.exception)


def test_columns_need_a_file(tmp_path):
    (tmp_path / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,a,1997-01-01,2\n")
    result = call("report", "shop", "--data", tmp_path, "--columns", "customer_id=a")
    assert "folder of tables" in str(result.exception)


def test_main_ends_with_a_message_and_code_2(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["crm", "report", "taboa"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert "error: there is no case 'taboa'" in capsys.readouterr().err
