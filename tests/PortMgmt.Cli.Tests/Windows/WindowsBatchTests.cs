using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Windows;

public sealed class WindowsBatchTests : WindowsFixture
{
    [Fact]
    public void Batch_ManyChildrenAtOnce_LosesNoOutput()
    {
        Needs.Windows();
        string lines = string.Concat(Enumerable.Range(1, 64).Select(number => $"{number}\n"));

        JsonElement[] results = Results(Batch(lines, "--jobs", "32", "--", "cmd", "/c", "echo {}& echo error of {} >&2").Expect(0));

        Assert.Equal(64, results.Length);
        Assert.All(results, result => Assert.Equal($"{result.GetProperty("id").GetInt32()}\n", Text(result, "output")));
    }

    [Fact]
    public void Batch_LargeInputAndOutputs_DoNotBlockEachOther()
    {
        Needs.Windows();
        const int Size = 1_000_000;

        JsonElement result = OnlyResult(Batch(new string('x', Size), "--", TestProgram, "tee").Expect(0));

        Assert.Equal(Size + 1, Text(result, "output").Length);
        Assert.Equal(Size + 1, Text(result, "error").Length);
    }

    [Fact]
    public void Batch_OutputBeyondTheBound_FailsTheOperation()
    {
        Needs.Windows();
        JsonElement result = OnlyResult(Batch("x\n", "--", TestProgram, "flood").Expect(1));
        Assert.Equal("failed", Text(result, "status"));
        Assert.Contains("64 MiB", Text(result, "error"), StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_ChildThatLeavesAnotherWithItsStreams_EndsWithWhatItWrote()
    {
        Needs.Windows();
        JsonElement result = OnlyResult(Batch("x\n", "--timeout", "60s", "--", TestProgram, "nest").Expect(0));
        int left = int.Parse(Text(result, "output"), CultureInfo.InvariantCulture);
        Assert.True(IsAlive(left), "What a command leaves running is its own affair.");
        using var process = Process.GetProcessById(left);
        process.Kill();
        process.WaitForExit();
    }

    [Fact]
    public void Batch_Timeout_EndsTheChildWithAllThatItStarted()
    {
        Needs.Windows();
        JsonElement result = OnlyResult(Batch("x\n", "--timeout", "10s", "--", TestProgram, "nest", "stay").Expect(1));
        Assert.Equal("timedOut", Text(result, "status"));
        int nested = int.Parse(Text(result, "output"), CultureInfo.InvariantCulture);
        Eventually.IsTrue(() => !IsAlive(nested));
    }

    [Fact]
    public void Batch_ExitCodes_AreThoseOfTheCommand()
    {
        Needs.Windows();
        Assert.Equal(259, OnlyResult(Batch("x\n", "--", "cmd", "/c", "exit 259").Expect(1)).GetProperty("exitCode").GetInt32());
        Assert.Equal(-1, OnlyResult(Batch("x\n", "--", "cmd", "/c", "exit -1").Expect(1)).GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public void Batch_CommandThatIsNotThere_IsSaidOnce()
    {
        Needs.Windows();
        string error = Batch("x\ny\n", "--", "nosuchthing").ExpectError(ExitCodes.Usage);
        Assert.Contains("'nosuchthing' not found", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_LeasedPort_IsInTheVariables()
    {
        Needs.Windows();
        JsonElement result = OnlyResult(Batch("x\n", "--lease-port", "--", "cmd", "/c", "echo %PORT% {port} %PORTS%").Expect(0));
        string[] ports = Text(result, "output").Trim().Split(' ');
        Assert.Equal(ports[1], ports[0]);
        Assert.Equal(ports[1], ports[2]);
    }
}
