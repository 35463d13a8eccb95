using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Batch;

public sealed class BatchUsageTests : BatchFixture
{
    public static TheoryData<string[]> BadArguments => new(
        [],
        ["--"],
        ["--jobs", "0", "--", "true"],
        ["--jobs", "10001", "--", "true"],
        ["--batch-size", "none", "--", "true"],
        ["--flush", "2m", "--", "true"],
        ["--cache-size", "-1", "--", "true"],
        ["--timeout", "0s", "--", "true"],
        ["--timeout", "soon", "--", "true"],
        ["--retry", "1001", "--", "true"],
        ["--profile", "fast", "--", "true"],
        ["--resume", "--", "true"],
        ["--job-log", "/no/such/directory/log", "--", "true"],
        ["--metrics", "/no/such/directory/metrics", "--", "true"],
        ["--no-such-option", "--", "true"],
        ["--", "no-such-command"],
        ["--", "/etc/passwd"],
        ["--id", "name", "--", "true"]);

    [Theory]
    [MemberData(nameof(BadArguments))]
    public void Batch_BadArgument_IsRefusedInOneLine(string[] arguments) => Batch("x\n", arguments).ExpectError(2);

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":1}\n", "Line 2 of the input has no field 'a'", "--", "echo", "{a}")]
    [InlineData("{\"a\":1}\nplain\n", "Line 2 of the input is no JSON object", "--id", "a", "--", "true")]
    [InlineData("ok\na\0b\n", "Line 2 of the input has a NUL", "--", "echo", "{}")]
    [InlineData("ok\na\0b\0", "line feeds", "--", "echo", "{}")]
    [InlineData("{\"a\":1}\n{\"a\":\"\\u0000\"}\n", "Line 2 of the input has a NUL", "--", "echo", "{a}")]
    public void Batch_BadLine_IsNamedAndThoseBeforeItHaveRun(string input, string error, params string[] arguments)
    {
        CliResult result = Batch(input, arguments).Expect(2);
        Assert.Equal("succeeded", Text(OnlyResult(result), "status"));
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_LineBeyondTheBound_IsNamed()
    {
        CliResult result = Batch($"ok\n{new string('x', 20 << 20)}\n", "--", "true").Expect(2);
        Assert.Single(result.Lines);
        Assert.Contains("Line 2 of the input has more than 16 MiB", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_OfNothing_SucceedsSilently()
    {
        CliResult result = Batch("\n\n", "--", "true").Expect(0);
        Assert.Equal("", result.Output + result.Error);
    }

    [Fact]
    public void Batch_WithClosedInput_SaysSo()
    {
        Needs.Unix();
        Shell("\"$portmgmt\" batch -- true <&-").ExpectError(1);
    }

    [Fact]
    public void Batch_CommandThatIsEachLine_FailsWhereThereIsNone()
    {
        CliResult result = Batch("true\nno-such-command\n", "--keep-order", "--", "{}").Expect(1);
        Assert.Equal(["succeeded", "failed"], Results(result).Select(one => Text(one, "status")));
        Assert.Contains("not found", Text(Results(result)[1], "error"), StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_ProfileAndOptions_AreTaken() =>
        Assert.Equal(50, Batch(Numbers(50), "--profile", "UltraLowLatency", "--flush", "5ms", "--batch-size", "7", "--cache-size", "0", "--", "true").Expect(0).Lines.Length);
}
