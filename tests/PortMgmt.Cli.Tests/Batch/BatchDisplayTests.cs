using PortMgmt.Cli.Tests.Support;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Batch;

public sealed class BatchDisplayTests : BatchFixture
{
    private const string Slow = "seq 8 | \"$portmgmt\" batch --jobs 2 -- sh -c 'sleep 0.3; test {} != 3' > out";

    [Fact]
    public void Panel_OnATerminal_IsDrawnAndTakenAway()
    {
        string screen = OnTerminal(Slow, "TERM=xterm LANG=C.UTF-8");

        Assert.Contains("running  ", Plain(screen), StringComparison.Ordinal);
        Assert.Contains("of 2, ", Plain(screen), StringComparison.Ordinal);
        Assert.Contains("\u001b[1m", screen, StringComparison.Ordinal);
        Assert.Matches("\u001b\\[[0-9]+A\u001b\\[Jportmgmt: 8 operations in ", screen);
        Assert.Equal(8, File.ReadAllLines(Path.Combine(WorkDirectory, "out")).Length);
    }

    [Fact]
    public void Panel_InputIsAFile_TellsAboutHowManyThereAre()
    {
        File.WriteAllText(Path.Combine(WorkDirectory, "many"), Numbers(300));

        // It goes on until it has been looked at often enough, however late it began.
        string screen = OnTerminal("\"$portmgmt\" batch --jobs 1 -- sh -c 'sleep 0.1; test {} -lt 25 || kill -TERM $PPID' < many > out", "TERM=xterm");

        Assert.Matches("of about [23][0-9][0-9] done", Plain(screen));
    }

    [Fact]
    public void Panel_NoColor_HasNone()
    {
        string screen = OnTerminal(Slow, "TERM=xterm LANG=C NO_COLOR=1");

        Assert.Contains("running  ", screen, StringComparison.Ordinal);
        Assert.DoesNotMatch("\u001b\\[[0-9;]*m", screen);
        Assert.True(Ascii(screen), "No block characters where the locale has none.");
    }

    [Fact]
    public void Panel_HostileCommand_IsShownAndNotObeyed()
    {
        string screen = OnTerminal("seq 4 | \"$portmgmt\" batch --jobs 2 -- sh -c 'sleep 0.4' \"$(printf '\\033]0;owned\\007')\" > out", "TERM=xterm");

        Assert.Contains("\\u001b]0;owned", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]0;owned", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Panel_OnTheTerminalOfTheResults_NeverCutsThem()
    {
        string screen = OnTerminal(Slow.Replace("> out", "", StringComparison.Ordinal), "TERM=xterm");

        for (int i = 1; i <= 8; i++)
        {
            Assert.Contains($"{{\"id\":{i},\"status\":", screen, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("TERM=dumb", "")]
    [InlineData("TERM=xterm", "--progress none")]
    public void Panel_NotWanted_IsNotDrawn(string environment, string option)
    {
        string screen = OnTerminal(Slow.Replace(" batch ", $" batch {option} ", StringComparison.Ordinal), environment);

        Assert.DoesNotContain("running", screen, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', screen);
    }

    [Fact]
    public void Progress_ShortBatchWithoutATerminal_IsSilent() => Assert.Equal("", Batch(Numbers(3), "--", "true").Error);

    [Fact]
    public void ProgressLines_WithoutATerminal_TellTheEnd()
    {
        CliResult result = Batch(Numbers(3), "--progress", "lines", "--", "true");

        Assert.Matches("^portmgmt: 3 operations in .* 3 succeeded, 0 failed.*\n$", result.Error);
        Assert.Equal(2, Batch("", "--progress", "loud", "--", "true").ExitCode);
    }

    [Fact]
    public void Report_OfABatch_IsOnePageNamedByTheCommand()
    {
        string report = Path.Combine(WorkDirectory, "report.html");

        CliResult result = Batch(Numbers(3) + "<b>\n", ["--report", report, "--", .. Script("test {} != 2", "end-up-to 1 {}"), "<i>"]);

        Assert.Equal(ExitCodes.Incomplete, result.ExitCode);
        string page = File.ReadAllText(report);
        Assert.Contains(OperatingSystem.IsWindows() ? "do end-up-to 1 {} &lt;i&gt;</h1>" : "sh -c test {} != 2 &lt;i&gt;</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Operations</dt><dd>4</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<h2>Last failed operations</h2>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_CannotBeWritten_IsSaidBeforeAnythingRuns()
    {
        CliResult result = Batch(Numbers(1), "--report", Path.Combine(WorkDirectory, "no", "report.html"), "--", "touch", Path.Combine(WorkDirectory, "ran"));

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.False(File.Exists(Path.Combine(WorkDirectory, "ran")));
    }

    private static string Plain(string screen) => System.Text.RegularExpressions.Regex.Replace(screen, "\u001b\\[[0-9;]*m", "");

    private static bool Ascii(string text) => text.All(char.IsAscii);
}
