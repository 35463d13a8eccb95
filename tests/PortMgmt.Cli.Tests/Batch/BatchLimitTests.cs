using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Batch;

/// <summary>Batches where the system gives little: open files, and no terminal.</summary>
public sealed class BatchLimitTests : CommandLineFixture
{
    [Theory]
    [InlineData(96)]
    [InlineData(128)]
    [InlineData(256)]
    public void Batch_FewOpenFiles_RunsFewerAtOnceAndSaysSo(int limit)
    {
        Needs.Unix();
        CliResult result = Shell($"ulimit -n {limit}; seq 100 | \"$portmgmt\" batch --jobs 50 -- sh -c 'sleep 0.02; echo {{}}'").Expect(0);

        Assert.Equal(100, result.Lines.Count(line => line.Contains("\"status\":\"succeeded\"", StringComparison.Ordinal)));
        Assert.Equal(
            Enumerable.Range(1, 100).Select(i => $"\"output\":\"{i}\\n\"").Order(),
            result.Lines.Select(line => line[line.IndexOf("\"output\"", StringComparison.Ordinal)..line.IndexOf(",\"error\"", StringComparison.Ordinal)]).Order());
        Assert.Matches($@"^portmgmt: 50 commands at once need \d+ open files, and the limit is {limit}: \d+ run at once\. Raise it \(ulimit -n\), or ask for fewer \(--jobs\)\.\n", result.Error);
    }

    [Fact]
    public void Batch_EnoughOpenFiles_SaysNothingOfThem()
    {
        Needs.Unix();
        CliResult result = Shell("ulimit -n 1024; seq 10 | \"$portmgmt\" batch --jobs 50 -- true").Expect(0);

        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData(48)]
    [InlineData(95)]
    public void Batch_NoRoomForTheRuntime_IsRefusedBeforeAnythingRuns(int limit)
    {
        Needs.Unix();
        CliResult result = Shell($"ulimit -n {limit}; seq 10 | \"$portmgmt\" batch -- touch ran-{{}}");

        Assert.Contains($"a limit of {limit} open files: 96 is the least", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(Directory.GetFiles(WorkDirectory, "ran-*"));
    }

    [Theory]
    [InlineData(24, "batch -- touch ran-{}")]
    [InlineData(30, "batch -- touch ran-{}")]
    [InlineData(34, "lease list")]
    [InlineData(39, "lease new")]
    [InlineData(36, "run -- touch ran-1")]
    public void Program_NoRoomToLoadIt_SaysSoAndDoesNothing(int limit, string arguments)
    {
        Needs.Unix();
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PORTMGMT_TEST_PROGRAM") is null, "A native program has no parts to load.");
        CliResult result = Shell($"ulimit -n {limit}; seq 10 | \"$portmgmt\" {arguments}");

        Assert.Equal($"portmgmt: The program cannot be loaded with a limit of {limit} open files. Raise it (ulimit -n 96).\n", result.Error);
        Assert.Equal(arguments.StartsWith("run", StringComparison.Ordinal) ? 125 : 1, result.ExitCode);
        Assert.Empty(Directory.GetFiles(WorkDirectory, "ran-*"));
    }

    [Fact]
    public void Batch_CommandThatAsksAtTheTerminal_IsToldThatThereIsNone()
    {
        Needs.Unix();
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1) to make a terminal with.");
        CliResult result = Shell("echo 1 | script -qec \"\\\"$portmgmt\\\" batch --progress none -- sh -c 'cat /dev/tty'\" /dev/null");

        Assert.Contains("\"status\":\"failed\"", result.Output, StringComparison.Ordinal);
        Assert.Contains("/dev/tty", result.Output, StringComparison.Ordinal);
    }
}
