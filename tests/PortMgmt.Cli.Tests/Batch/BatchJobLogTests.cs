using System.Diagnostics;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Batch;

public sealed class BatchJobLogTests : BatchFixture
{
    private string Log => Path.Combine(WorkDirectory, "log");

    [Theory]
    [InlineData("{}", "")]
    [InlineData("{k}", "--id k")]
    public void Batch_Resume_RunsOnlyWhatHasNotSucceeded(string placeholder, string options)
    {
        string[] arguments = ["--job-log", Log, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string input = string.Concat(Enumerable.Range(1, 20).Select(i => $"{{\"k\":\"{i}\"}}\n"));
        string[] command =
        [
            "--", .. Either(
                ["sh", "-c", "echo ran >> ran; test -e go || test $(echo \"$1\" | tr -dc 0-9) -le 15", "sh", placeholder],
                [TestProgram, "do", "append ran", "end-where-there-is go", $"end-up-to 15 {placeholder}"]),
        ];
        Batch(input, [.. arguments, .. command]).Expect(1);
        Assert.Equal(20, File.ReadAllLines(Log).Length);
        File.WriteAllText(Path.Combine(WorkDirectory, "go"), "");
        CliResult resumed = Batch(input, [.. arguments, "--resume", .. command]).Expect(0);
        Assert.Equal(5, resumed.Lines.Length);
        Assert.Contains("15 operations", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(25, File.ReadAllLines(Path.Combine(WorkDirectory, "ran")).Length);
        Assert.Empty(Batch(input, [.. arguments, "--resume", .. command]).Expect(0).Lines);
    }

    [Fact]
    public void Batch_KilledInTheMiddle_ResumesWithoutLosingAnything()
    {
        int count = Count(200, onWindows: 30);
        string input = Numbers(count);
        Process batch = Start(Executable, ["batch", "--jobs", "4", "--job-log", Log, "--", .. Script("sleep 0.02; echo {}", "sleep 20", "say {}")]);
        batch.StandardInput.Write(input);
        batch.StandardInput.Flush();
        Eventually.IsTrue(() => File.Exists(Log) && ReadShared(Log).Count(character => character == '\n') >= 10, "The log does not grow.");
        batch.Kill();
        string first = batch.StandardOutput.ReadToEnd();
        Finish(batch);
        File.AppendAllText(Log, "{\"id\":7,\"key\":\"to");
        CliResult resumed = Batch(input, "--jobs", "4", "--job-log", Log, "--resume", "--any-command", "--", "echo", "{}").Expect(0);
        string[] lines = [.. first.Split('\n')[..^1], .. resumed.Lines];
        Assert.Equal(count, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(File.ReadAllLines(Log), line => JsonDocument.Parse(line));
    }

    [Fact]
    public void Batch_LogThatIsDeletedMeanwhile_IsWrittenAnewWithAWarning()
    {
        Needs.Unix();
        CliResult result = Batch(Numbers(3), "--jobs", "1", "--job-log", Log, "--", "rm", "-f", Log).Expect(0);

        Assert.Contains($"warning: The job log '{Log}' was deleted or moved", result.Error, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(Log).Length);
    }

    [Fact]
    public void Batch_LogThatCannotBeWritten_IsAFailureAndNotAWrongUse()
    {
        Needs.Linux();
        string error = Batch(Numbers(3), "--job-log", "/dev/full", "--", "true").Expect(1).Error;

        Assert.Contains("The job log '/dev/full' cannot be written: No space left on device", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{\"id\":1}")]
    [InlineData("[]")]
    public void Batch_ResumeFromADamagedLog_NamesTheLine(string damage)
    {
        Batch("a\nb\n", "--keep-order", "--job-log", Log, "--", "true").Expect(0);
        string[] lines = File.ReadAllLines(Log);
        File.WriteAllText(Log, $"{lines[0]}\n{damage}\n{lines[1]}\n");
        string error = Batch("a\nb\n", "--job-log", Log, "--resume", "--", "true").ExpectError(2);
        Assert.Contains("Line 2", error, StringComparison.Ordinal);
        Assert.Contains(Log, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_ResumeOfEqualLines_RunsThoseThatFailedAndNoOther()
    {
        string[] arguments = ["--job-log", Log, "--jobs", "1"];
        CliResult first = Batch("a\na\nb\na\n", [.. arguments, "--", .. Script("echo >> ran; test $(wc -l < ran) -ne 2", "append ran", "end-without-lines 2")]).Expect(1);
        CliResult resumed = Batch("a\na\nb\na\n", [.. arguments, "--resume", "--any-command", "--", "true"]).Expect(0);

        Assert.Equal(["succeeded", "failed", "succeeded", "succeeded"], Results(first).Select(result => Text(result, "status")));
        Assert.Equal(2, OnlyResult(resumed).GetProperty("id").GetInt32());
        Assert.Contains("3 operations had succeeded before", resumed.Error, StringComparison.Ordinal);
        Assert.Empty(Batch("a\na\nb\na\n", [.. arguments, "--resume", "--any-command", "--", "false"]).Expect(0).Lines);
        Assert.Single(Batch("a\na\na\na\n", [.. arguments, "--resume", "--any-command", "--", "true"]).Expect(0).Lines);
    }

    [Theory]
    [InlineData("sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")]
    [InlineData("id:a")]
    public void Batch_ResumeFromALogWithKeysOfAnotherVersion_IsRefusedAndRunsNothing(string key)
    {
        string line = $"{{\"id\":1,\"key\":\"{key}\",\"status\":\"succeeded\",\"exitCode\":0,\"error\":null}}\n";
        File.WriteAllText(Log, line);

        string error = Batch("a\n", "--job-log", Log, "--resume", "--", "touch", "ran").ExpectError(2);

        Assert.Contains("line 1 has a key of another version", error, StringComparison.Ordinal);
        Assert.Contains("resume with the version that wrote it, or begin a new log", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(WorkDirectory, "ran")));
        Assert.Equal(line, File.ReadAllText(Log));
    }

    [Fact]
    public void Batch_ResumeFromALogOfOtherLines_SaysSo()
    {
        Batch("{\"k\":1}\n", "--job-log", Log, "--", "true").Expect(0);

        CliResult resumed = Batch("{\"k\":1}\n", "--job-log", Log, "--resume", "--id", "k", "--", "true").Expect(0);

        Assert.Contains("has 1 operations as succeeded, and none of them came in", resumed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "{}")]
    [InlineData("echo", "{}", "more")]
    [InlineData("echo", "a{}")]
    [InlineData("echo")]
    public void Batch_ResumeWithAnotherCommand_IsRefusedUnlessAnyIsTaken(params string[] other)
    {
        Batch("a\n", "--job-log", Log, "--", "echo", "{}").Expect(0);
        string log = File.ReadAllText(Log);

        string error = Batch("a\nb\n", ["--job-log", Log, "--resume", "--", .. other]).ExpectError(2);

        Assert.Contains("line 1 succeeded by another command", error, StringComparison.Ordinal);
        Assert.Contains("--any-command", error, StringComparison.Ordinal);
        Assert.Equal(log, File.ReadAllText(Log));
        Assert.Single(Batch("a\nb\n", "--job-log", Log, "--resume", "--any-command", "--", "true", "put right").Expect(0).Lines);
    }

    [Fact]
    public void Batch_ResumeWithAnotherCommand_IsTakenWhereNothingSucceeded()
    {
        Batch("a\n", "--job-log", Log, "--", "false", "{}").Expect(1);

        Assert.Single(Batch("a\n", "--job-log", Log, "--resume", "--", "true", "{}").Expect(0).Lines);
    }

    [Fact]
    public void Batch_WithoutResume_BeginsANewLog()
    {
        Batch("a\n", "--job-log", Log, "--", "true").Expect(0);
        Assert.Single(Batch("a\n", "--job-log", Log, "--", "true").Expect(0).Lines);
        Assert.Single(File.ReadAllLines(Log));
    }

    [Fact]
    public void Batch_ResumeFromALogOfTheModule_IsTaken()
    {
        // Lines as Start-OperationBatch -JobLog writes them: for the texts 'a' and 'b', and for the id '7'.
        File.WriteAllLines(Log,
        [
            "{\"id\":1,\"key\":\"2:sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\",\"status\":\"succeeded\",\"exitCode\":null,\"error\":null,\"durationMs\":0.1,\"queueMs\":0.2,\"attempts\":1,\"cached\":false}",
            "{\"id\":2,\"key\":\"2:sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d\",\"status\":\"failed\",\"exitCode\":null,\"error\":\"no\",\"durationMs\":0.1,\"queueMs\":0.2,\"attempts\":1,\"cached\":false}",
            "{\"id\":\"7\",\"key\":\"2:id:7\",\"status\":\"succeeded\",\"exitCode\":null,\"error\":null,\"durationMs\":0.1,\"queueMs\":0.2,\"attempts\":1,\"cached\":false}",
        ]);

        CliResult resumed = Batch("a\nb\nc\n", "--job-log", Log, "--resume", "--keep-order", "--", "echo", "{}").Expect(0);
        CliResult byId = Batch("{\"k\":7}\n{\"k\":8}\n", "--job-log", Log, "--resume", "--any-command", "--id", "k", "--", "echo", "{k}").Expect(0);

        Assert.Equal(["b\n", "c\n"], resumed.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("output").GetString()));
        Assert.Equal("8\n", JsonDocument.Parse(Assert.Single(byId.Lines)).RootElement.GetProperty("output").GetString());
    }

    [Fact]
    public void Batch_LogOfARunningBatch_IsRefused()
    {
        Process batch = Start(Executable, ["batch", "--job-log", Log, "--", .. Script("echo up > up; exec sleep 300", "touch up", "sleep 300000")]);
        batch.StandardInput.WriteLine("a");
        batch.StandardInput.Close();
        Eventually.IsTrue(() => File.Exists(Path.Combine(WorkDirectory, "up")), "The batch does not begin.");

        string error = Batch("a\n", "--job-log", Log, "--", "true").ExpectError(2);

        Assert.Contains(Log, error, StringComparison.Ordinal);
        batch.Kill(entireProcessTree: true);
        Finish(batch);
    }

    [Fact]
    public void Batch_LogThatAnotherProcessWritesTo_IsRefused()
    {
        Process first = Start(Executable, "batch", "--job-log", Log, "--", "true");
        Eventually.IsTrue(() => File.Exists(Log), "The log was not made.");
        first.StandardInput.Write("1\n");
        first.StandardInput.Flush();
        Eventually.IsTrue(() => ReadShared(Log).Length > 0, "The first batch does not go on.");

        string error = Batch("1\n", "--job-log", Log, "--", "true").ExpectError(2);
        Finish(first).Expect(0);

        Assert.Contains("another batch writes to it", error, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(Log));
    }
}
