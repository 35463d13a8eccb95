using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Batch;

public sealed class BatchEndTests : BatchFixture
{
    [Theory]
    [InlineData("sleep 300 & echo $! >> pids; echo $$ >> pids; echo part; sleep 300", 143)]
    [InlineData("trap '' TERM; echo $$ >> pids; echo part; while true; do sleep 0.1; done", 137)]
    public void Batch_Timeout_EndsTheWholeTree(string script, int exitCode)
    {
        JsonElement result = OnlyResult(Batch("x\n", "--timeout", "3s", "--", "sh", "-c", script).Expect(1));
        Assert.Equal("timedOut", Text(result, "status"));
        Assert.Equal(exitCode, result.GetProperty("exitCode").GetInt32());
        Assert.Equal("part\n", Text(result, "output"));
        AssertAllEnded();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void Batch_Interrupted_EndsChildrenAndGivesEveryResult(string signal)
    {
        Needs.Unix();
        if (signal == "INT")
        {
            Needs.Interrupt();
        }
        else if (signal == "HUP")
        {
            Needs.Hangup();
        }

        Process batch = Start(Executable, "batch", "--jobs", "3", "--", "sh", "-c", "echo $$ >> pids; sleep 300 & echo $! >> pids; wait");
        batch.StandardInput.Write(Numbers(10));
        batch.StandardInput.Flush();
        Eventually.IsTrue(() => Pids().Length == 6, "Three children did not start.");
        Assert.Equal(0, Shell($"kill -{signal} {batch.Id}").ExitCode);
        CliResult result = Finish(batch).Expect(130);
        Assert.All(Results(result), one => Assert.Equal("cancelled", Text(one, "status")));
        Assert.True(result.Lines.Length >= 3, result.Output);
        AssertAllEnded();
    }

    [Fact]
    public void Batch_ResultsThatNobodyReads_EndsAtASecondSignal()
    {
        Needs.Unix();
        File.WriteAllText(Path.Combine(WorkDirectory, "many"), Numbers(1000));
        // Each result takes 4 KB, and a pipe 64 KB: long before two hundred have run, the batch is stuck in writing.
        Process batch = Start("/bin/sh", "-c", "exec \"$portmgmt\" batch --jobs 2 --batch-size 1 -- sh -c 'echo >> ran; printf %4000d 0' < many");
        try
        {
            string ran = Path.Combine(WorkDirectory, "ran");
            Eventually.IsTrue(() => File.Exists(ran) && new FileInfo(ran).Length >= 50, "The batch does not run.");
            Eventually.IsTrue(
                () => batch.HasExited || Shell($"kill -TERM {batch.Id}").ExitCode != 0,
                "The batch cannot be ended while nobody reads what it writes.");
            Assert.True(batch.WaitForExit(TimeSpan.FromSeconds(60)));
            Assert.Equal(130, batch.ExitCode);
        }
        finally
        {
            batch.Kill();
            batch.Dispose();
        }
    }

    [Fact]
    public void Batch_UnderNohup_IgnoresTheHangup()
    {
        Needs.Linux();
        CliResult result = Shell("trap '' HUP; (echo x; sleep 1) | \"$portmgmt\" batch -- sh -c 'kill -HUP $PPID; echo done'").Expect(0);
        Assert.Equal("done\n", Text(OnlyResult(result), "output"));
    }

    [Fact]
    public void Batch_ChildThatLeavesADaemonOnItsPipes_Ends()
    {
        Needs.Unix();
        RequireProgram("command -v setsid", "setsid");
        JsonElement result = OnlyResult(Batch("x\n", "--timeout", "60s", "--", "sh", "-c", "setsid sleep 120 & echo $! > daemon; echo done").Expect(0));
        Assert.Equal("done\n", Text(result, "output"));
        Assert.Equal("succeeded", Text(result, "status"));
        Shell("kill $(cat daemon)").Expect(0);
    }

    [Fact]
    public void Batch_CallerIgnoresChildrensEnds_StillKnowsThem()
    {
        Needs.Unix();
        RequireProgram("command -v perl", "perl");
        CliResult result = Shell("echo x | perl -e '$SIG{CHLD}=\"IGNORE\"; exec @ARGV' \"$portmgmt\" batch -- sh -c 'exit 5'").Expect(1);
        Assert.Equal(5, OnlyResult(result).GetProperty("exitCode").GetInt32());
    }

    private string[] Pids()
    {
        string path = Path.Combine(WorkDirectory, "pids");
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private void AssertAllEnded()
    {
        Assert.NotEmpty(Pids());
        foreach (string pid in Pids())
        {
            int id = int.Parse(pid, CultureInfo.InvariantCulture);
            Eventually.IsTrue(() => Shell($"kill -0 {id} 2>/dev/null && ! grep -q '^State:.Z' /proc/{id}/status").ExitCode != 0, $"Process {id} outlived the batch.");
        }
    }
}
