using System.Text.Json;
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
        ["--job-log", "log", "--any-command", "--", "true"],
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
    [InlineData("{\"a\":1}\n{\"a\":null}\n", "Line 2 of the input has null in the field 'a', which --id asks for", "--id", "a", "--", "true")]
    [InlineData("{\"a\":1}\n{\"a\":true}\n", "Line 2 of the input has true in the field 'a', which --id asks for: an id is a text or a whole number", "--id", "a", "--", "true")]
    [InlineData("{\"a\":1}\n{\"a\":1.0}\n", "Line 2 of the input has 1.0 in the field 'a'", "--id", "a", "--", "true")]
    [InlineData("{\"a\":1}\n{\"a\":[1]}\n", "Line 2 of the input has [1] in the field 'a'", "--id", "a", "--", "true")]
    [InlineData("{\"a\":1}\n{\"b\":{\"a\":1},\"a\":{}}\n", "Line 2 of the input has {} in the field 'a'", "--id", "a", "--", "true")]
    public void Batch_BadLine_IsNamedAndThoseBeforeItHaveRun(string input, string error, params string[] arguments)
    {
        CliResult result = Batch(input, arguments).Expect(2);
        Assert.Equal("succeeded", Text(OnlyResult(result), "status"));
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_IdThatSaysNull_IsAnIdLikeOthers()
    {
        CliResult result = Batch("{\"a\":\"null\",\"b\":1}\n{\"a\":\"null\",\"b\":2}\n", "--jobs", "1", "--id", "a", "--", "echo", "{b}").Expect(0);

        Assert.Equal(["1\n", "1\n"], Results(result).Select(line => Text(line, "output")));
    }

    [Fact]
    public void Batch_WholeNumberAndItsDigits_AreOneIdAndATextOfAnotherKindIsNot()
    {
        string input = "{\"a\":1,\"b\":1}\n{\"a\":\"1\",\"b\":2}\n{\"a\":\"1.0\",\"b\":3}\n{\"a\":\"true\",\"b\":4}\n{\"a\":-1,\"b\":5}\n";
        CliResult result = Batch(input, "--jobs", "1", "--keep-order", "--id", "a", "--", "echo", "{b}").Expect(0);

        Assert.Equal(["1\n", "1\n", "3\n", "4\n", "5\n"], Results(result).Select(line => Text(line, "output")));
    }

    [Fact]
    public void Batch_Null_IsAFieldLikeOthersWhereItIsNoId()
    {
        Assert.Equal("null\n", Text(OnlyResult(Batch("{\"a\":null}\n", "--", "echo", "{a}").Expect(0)), "output"));
    }

    [Theory]
    [InlineData("--", "echo", "{a}")]
    [InlineData("--id", "a", "--", "true")]
    public void Batch_JsonWithBytesThatAreNotUtf8_IsRefused(params string[] arguments)
    {
        string error = BatchOfBytes([.. "{\"a\":\"x"u8, 0xff, .. "\"}\n"u8], arguments).ExpectError(2);

        Assert.Contains("Line 1 of the input is a JSON object with bytes that are not UTF-8", error, StringComparison.Ordinal);
    }

    // Arguments are UTF-16 on Windows: of other bytes it would get what they are not.
    [Fact]
    public void Batch_TextThatIsNotUtf8OnWindows_IsRefusedAsAnArgumentAndReachesStandardInputAsItIs()
    {
        Needs.Windows();
        byte[] lines = [.. "a\nb"u8, 0xff, .. "\n"u8];

        CliResult refused = BatchOfBytes(lines, "--", "echo", "{}").Expect(2);
        Assert.Equal("a\n", Text(OnlyResult(refused), "output"));
        Assert.Contains("Line 2 of the input is not UTF-8", refused.Error, StringComparison.Ordinal);

        JsonElement given = OnlyResult(BatchOfBytes(lines[2..], "--", "cat").Expect(0));
        Assert.Equal(lines[2..], given.GetProperty("outputBase64").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xff, (byte)'\n' }, "{}")]
    [InlineData(new byte[] { (byte)'{', 0xc3, (byte)'\n' }, "{}")]
    [InlineData(new byte[] { (byte)'{', 0xc3, (byte)'\n' }, "{a}{}")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80, (byte)'\n' }, "{}")]
    public void Batch_TextOfAnyBytes_ReachesTheCommandAndItsResultAsItIs(byte[] line, string argument)
    {
        Needs.Unix();
        CliResult result = BatchOfBytes(line, "--", "printf", "%s", argument).Expect(0);

        byte[] expected = [.. argument == "{}" ? ""u8 : "{a}"u8, .. line[..^1]];
        Assert.Equal(expected, OnlyResult(result).GetProperty("outputBase64").GetBytesFromBase64());
        Assert.Equal(System.Text.Encoding.UTF8.GetString(expected), Text(OnlyResult(result), "output"));
    }

    [Fact]
    public void Batch_TextThatIsUtf8_HasNoBytesBesideIt() =>
        Assert.False(OnlyResult(Batch("grün\n", "--", "echo", "{}").Expect(0)).TryGetProperty("outputBase64", out _));

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
        CliResult result = Batch($"{(OperatingSystem.IsWindows() ? "hostname" : "true")}\nno-such-command\n", "--keep-order", "--", "{}").Expect(1);
        Assert.Equal(["succeeded", "failed"], Results(result).Select(one => Text(one, "status")));
        Assert.Contains("not found", Text(Results(result)[1], "error"), StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_ProfileAndOptions_AreTaken() =>
        Assert.Equal(50, Batch(Numbers(50), "--profile", "UltraLowLatency", "--flush", "5ms", "--batch-size", "7", "--cache-size", "0", "--", "true").Expect(0).Lines.Length);
}
