using System.Diagnostics;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Batch;

public sealed class BatchJobLogTests : BatchFixture
{
    private string Log => Path.Combine(WorkDirectory, "log");

    [SkippableTheory]
    [InlineData("{}", "")]
    [InlineData("{k}", "--id k")]
    public void BatchResumeRunsOnlyWhatHasNotSucceeded(string placeholder, string options)
    {
        string[] arguments = ["--job-log", Log, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string input = string.Concat(Enumerable.Range(1, 20).Select(i => $"{{\"k\":\"{i}\"}}\n"));
        string[] command = ["--", "sh", "-c", "echo ran >> ran; test -e go || test $(echo \"$1\" | tr -dc 0-9) -le 15", "sh", placeholder];
        Batch(input, [.. arguments, .. command]).Expect(1);
        Assert.Equal(20, File.ReadAllLines(Log).Length);
        File.WriteAllText(Path.Combine(WorkDirectory, "go"), "");
        CliResult resumed = Batch(input, [.. arguments, "--resume", .. command]).Expect(0);
        Assert.Equal(5, resumed.Lines.Length);
        Assert.Contains("15 operations", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(25, File.ReadAllLines(Path.Combine(WorkDirectory, "ran")).Length);
        Assert.Empty(Batch(input, [.. arguments, "--resume", .. command]).Expect(0).Lines);
    }

    [SkippableFact]
    public void BatchKilledInTheMiddleResumesWithoutLosingAnything()
    {
        RequireUnix();
        string input = Numbers(200);
        Process batch = Start(Executable, "batch", "--jobs", "4", "--job-log", Log, "--", "sh", "-c", "sleep 0.02; echo {}");
        batch.StandardInput.Write(input);
        batch.StandardInput.Flush();
        Eventually(() => File.Exists(Log) && File.ReadAllText(Log).Count(character => character == '\n') >= 10, "The log does not grow.");
        batch.Kill();
        string first = batch.StandardOutput.ReadToEnd();
        Finish(batch);
        File.AppendAllText(Log, "{\"id\":7,\"key\":\"to");
        CliResult resumed = Batch(input, "--jobs", "4", "--job-log", Log, "--resume", "--", "sh", "-c", "echo {}").Expect(0);
        string[] lines = [.. first.Split('\n')[..^1], .. resumed.Lines];
        Assert.Equal(200, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(File.ReadAllLines(Log), line => JsonDocument.Parse(line));
    }

    [SkippableTheory]
    [InlineData("garbage")]
    [InlineData("{\"id\":1}")]
    [InlineData("")]
    public void BatchResumeFromADamagedLogNamesTheLine(string damage)
    {
        Batch("a\nb\n", "--keep-order", "--job-log", Log, "--", "true").Expect(0);
        string[] lines = File.ReadAllLines(Log);
        File.WriteAllText(Log, $"{lines[0]}\n{damage}\n{lines[1]}\n");
        string error = Batch("a\nb\n", "--job-log", Log, "--resume", "--", "true").ExpectError(2);
        Assert.Contains("Line 2", error, StringComparison.Ordinal);
        Assert.Contains(Log, error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void BatchWithoutResumeBeginsANewLog()
    {
        Batch("a\n", "--job-log", Log, "--", "true").Expect(0);
        Assert.Single(Batch("a\n", "--job-log", Log, "--", "true").Expect(0).Lines);
        Assert.Single(File.ReadAllLines(Log));
    }
}
