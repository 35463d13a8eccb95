using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Batch;

public sealed class BatchTests : BatchFixture
{
    [Fact]
    public void Batch_TextLines_GiveOneResultEachWithTheContractsMembers()
    {
        int count = Count(500, onWindows: 64);
        JsonElement[] results = Results(Batch(Numbers(count), "--jobs", "4", "--", "echo", "<{}>").Expect(0));
        Assert.Equal(Enumerable.Range(1, count), results.Select(result => result.GetProperty("id").GetInt32()).Order());
        Assert.All(results, result => Assert.Equal($"<{result.GetProperty("id").GetInt32()}>\n", Text(result, "output")));
        Assert.Equal(
            ["id", "status", "exitCode", "output", "error", "durationMs", "queueMs", "attempts", "cached"],
            results[0].EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("a b;'\"$(id) * \\", "{}", "a b;'\"$(id) * \\")]
    [InlineData("x", "{{}", "{}")]
    [InlineData("x", "{}{}-{", "xx-{")]
    [InlineData("x", "{name} {a b} {1}", "{name} {a b} {1}")]
    [InlineData("{\"a\":\"p q\",\"n\":1.50,\"t\":true,\"o\":{\"z\":[1, 2]}}", "{a}|{n}|{t}|{o}", "p q|1.50|true|{\"z\":[1, 2]}")]
    [InlineData("{\"a\":\"\\u00fc\\n\"}", "{a}.", "ü\n.")]
    [InlineData("{\"a\":1,\"a\":2}", "{{a} {a}", "{a} 2")]
    [InlineData("{\"a\":1} {", "{a}", "{a}")]
    [InlineData("{\"port\":7}", "{port}", "7")]
    public void Batch_Placeholders_AreReplacedWithoutAShell(string line, string argument, string expected) =>
        Assert.Equal($"{expected}|", Text(OnlyResult(Batch($"{line}\n", "--", "printf", "%s|", argument).Expect(0)), "output"));

    [Fact]
    public void Batch_BytesThatAreNoText_ReachTheCommandAsTheyAre()
    {
        Needs.Unix();
        CliResult result = Shell("printf 'a\\377b' | \"$portmgmt\" batch -- sh -c 'printf %s \"$1\" | od -An -tx1' sh {}").Expect(0);
        Assert.Equal("61 ff 62", Text(OnlyResult(result), "output")!.Trim());
    }

    [Fact]
    public void Batch_WithoutPlaceholder_GivesTheLineOnStandardInputAndWithOneNothing()
    {
        Assert.Equal("{\"a\":1}\n", Text(OnlyResult(Batch("{\"a\":1}", "--", "cat").Expect(0)), "output"));
        Assert.Equal("x", Text(OnlyResult(Batch("x\n", ["--", .. Script("printf {}; cat", "print {}", "copy")]).Expect(0)), "output"));
    }

    [Fact]
    public void Batch_LargeInputAndOutputs_DoNotBlockEachOther()
    {
        const int size = 3_000_000;
        JsonElement result = OnlyResult(Batch(new string('x', size), ["--", .. Either(["sh", "-c", "tee /dev/stderr"], [TestProgram, "tee"])]).Expect(0));
        Assert.Equal(size + 1, Text(result, "output")!.Length);
        Assert.Equal(size + 1, Text(result, "error")!.Length);
    }

    [Fact]
    public void Batch_OutputBeyondTheBound_FailsTheOperation()
    {
        JsonElement result = OnlyResult(Batch("x\n", "--", "yes").Expect(1));
        Assert.Equal("failed", Text(result, "status"));
        Assert.Contains("64 MiB", Text(result, "error"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", 3, "The command ended with exit code 3.", "exit 3")]
    [InlineData("kill -KILL $$", 137, "The command was ended by signal 9.")]
    [InlineData("echo why >&2; exit 1", 1, "why\n", "complain why", "exit 1")]
    public void Batch_Failure_TellsExitCodeAndReason(string script, int exitCode, string error, params string[] steps)
    {
        JsonElement result = OnlyResult(Batch("x\n", ["--", .. Script(script, steps)]).Expect(1));
        Assert.Equal("failed", Text(result, "status"));
        Assert.Equal(exitCode, result.GetProperty("exitCode").GetInt32());
        Assert.Equal(error, Text(result, "error"));
    }

    [Fact]
    public void Batch_Retry_RunsAgainUntilItSucceeds()
    {
        JsonElement result = OnlyResult(Batch("x\n", ["--retry", "3", "--", .. Script("echo >> ran; test $(wc -l < ran) -ge 3", "append ran", "end-with-lines 3")]).Expect(0));
        Assert.Equal(3, result.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public void Batch_SameId_RunsOnceAndTheOthersAreCached()
    {
        string input = string.Concat(Enumerable.Range(0, 200).Select(i => $"{{\"k\":\"{i % 4}\"}}\n"));
        JsonElement[] results = Results(Batch(input, ["--id", "k", "--jobs", "4", "--", .. Script("echo {k} >> ran; echo {k}", "append ran", "say {k}")]).Expect(0));
        Assert.Equal(4, File.ReadAllLines(Path.Combine(WorkDirectory, "ran")).Length);
        Assert.Equal(196, results.Count(result => result.GetProperty("cached").GetBoolean()));
        Assert.All(results, result => Assert.Equal($"{Text(result, "id")}\n", Text(result, "output")));
    }

    [Fact]
    public void Batch_KeepOrder_GivesResultsInInputOrder()
    {
        JsonElement[] results = Results(Batch(Numbers(40), ["--keep-order", "--jobs", "4", "--", .. Either(["sh", "-c", "sleep 0.0$(($1 % 3 * 3))", "sh", "{}"], [TestProgram, "do", "sleep {}"])]).Expect(0));
        Assert.Equal(Enumerable.Range(1, 40), results.Select(result => result.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void Batch_Jobs_IsAHardLimit()
    {
        string metrics = Path.Combine(WorkDirectory, "metrics.json");
        Batch(Numbers(60), ["--jobs", "3", "--metrics", metrics, "--", .. Script("echo + >> log; sleep 0.01; echo - >> log", "log +", "sleep 10", "log -")]).Expect(0);
        int running = 0;
        int peak = 0;
        foreach (string line in File.ReadAllLines(Path.Combine(WorkDirectory, "log")))
        {
            running += line == "+" ? 1 : -1;
            peak = Math.Max(peak, running);
        }

        Assert.InRange(peak, 1, 3);
        JsonElement written = JsonDocument.Parse(File.ReadAllText(metrics)).RootElement;
        Assert.Equal(60, written.GetProperty("totalOperations").GetInt32());
        Assert.Equal(100, written.GetProperty("successRate").GetDouble());
        Assert.InRange(written.GetProperty("peakConcurrency").GetInt32(), 1, 3);
        Assert.True(written.GetProperty("latency").GetProperty("service").GetProperty("p99").GetDouble() >= 10);
    }

    [Fact]
    public void Batch_LeasePort_GivesEachItsOwnPortAndTakesItBack()
    {
        JsonElement[] results = Results(Batch(Numbers(20), ["--lease-port", "--jobs", "4", "--", .. Either(["sh", "-c", "echo $1 $PORT $PORT_1 $PORTS", "sh", "{port}"], ["cmd", "/c", "echo {port} %PORT% %PORT_1% %PORTS%"])]).Expect(0));
        Assert.All(results, result =>
        {
            string[] ports = Text(result, "output")!.Split(' ', StringSplitOptions.TrimEntries);
            Assert.Equal(4, ports.Length);
            Assert.All(ports, port => Assert.Equal(ports[0], port));
            Assert.InRange(int.Parse(ports[0], System.Globalization.CultureInfo.InvariantCulture), 1024, 65535);
        });
        Assert.Empty(Leases("--state", "active"));
    }

    [Fact]
    public void Batch_Input_IsTakenOnlyAsItIsWorkedOff()
    {
        Needs.Unix();
        CliResult result = Shell("yes | { \"$portmgmt\" batch --jobs 2 -- echo {} 2> error | head -n 3; }").Expect(0);
        Assert.Equal(3, result.Lines.Length);
    }

    [Fact]
    public void Batch_ResultsOfASlowProducer_ComeAtOnce()
    {
        using System.Diagnostics.Process batch = Start(Executable, "batch", "--", "echo", "{}");
        batch.StandardInput.WriteLine("first");
        batch.StandardInput.Flush();
        Assert.Contains("first", batch.StandardOutput.ReadLine(), StringComparison.Ordinal);
        batch.StandardInput.WriteLine("second");
        batch.StandardInput.Flush();
        Assert.Contains("second", batch.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Finish(batch).Expect(0);
    }

    [Fact]
    public void Batch_Children_HaveTheSignalsAndLimitsOfTheirCaller()
    {
        Needs.Linux();
        const string show = "grep -E '^Sig(Ign|Cgt|Blk)' /proc/self/status; ulimit -Sn; ls /proc/self/fd | wc -l";
        string direct = Shell($"exec sh -c \"$1\" </dev/null", show).Expect(0).Output;
        CliResult batch = Shell("echo x | \"$portmgmt\" batch -- sh -c ': {}; '\"$1\"", show).Expect(0);
        Assert.Equal(WithoutLibrarySignals(direct), WithoutLibrarySignals(Text(OnlyResult(batch), "output")!));
    }

    // Signals from 32 on are the C library's own and the real-time ones; glibc's posix_spawn leaves its two ignored.
    private static string[] WithoutLibrarySignals(string status) =>
    [
        .. status.Split('\n').Select(line => line.StartsWith("Sig", StringComparison.Ordinal)
            ? $"{line[..8]}{Convert.ToUInt64(line[8..].Trim(), 16) & 0x7FFF_FFFF:x}"
            : line),
    ];

    [Fact]
    public void Batch_ObjectBehindBlanks_IsAnObject() =>
        Assert.Equal("1\n", Text(OnlyResult(Batch(" \t{\"a\":1} \n", "--", "echo", "{a}").Expect(0)), "output"));

    [Fact]
    public void Batch_Metrics_MayGoToADevice()
    {
        Needs.Linux();
        CliResult result = Shell("echo x | \"$portmgmt\" batch --metrics /dev/stderr -- true").Expect(0);
        Assert.Equal(1, JsonDocument.Parse(result.Error).RootElement.GetProperty("succeeded").GetInt32());
        Assert.Contains("its metrics '/dev/full' cannot be written", Batch("x\n", "--metrics", "/dev/full", "--", "true").Expect(1).Error, StringComparison.Ordinal);
    }
}
