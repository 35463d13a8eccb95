using System.Text;
using PortMgmt.Cli.Batch;
using PortMgmt.Cli.Parsing;
using PortMgmt.TestKit.Fuzz;
using PortMgmt.Text;

namespace PortMgmt.Cli.Tests.Fuzz;

/// <summary>What a batch reads: lines of text or JSON.</summary>
public sealed class BatchFuzzTests(ITestOutputHelper output)
{
    private const int MaxLineLength = 1 << 20;

    private readonly Fuzzer _fuzzer = new(output);

    [Fact]
    public void LineReader_AnyBytes_AreItsLines() => _fuzzer.Run(Corpus.Read("lines"), input =>
    {
        var reader = new LineReader(new MemoryStream(input), "input", MaxLineLength);
        var joined = new MemoryStream();
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            Assert.False(line.Contains((byte)'\n'));
            joined.Write(line);
            if (reader.IsWhole)
            {
                joined.WriteByte((byte)'\n');
            }
        }

        Assert.Equal(input, joined.ToArray());
        return input.Contains((byte)'\n');
    });

    [Fact]
    public void OperationReader_AnyLines_AreArgumentsAsTheyStandOrRefused() => _fuzzer.Run(Corpus.Read("lines"), input =>
    {
        var template = new CommandTemplate(["tool", "--url={url}", "{}"], leasesPort: false);
        var reader = new OperationReader(new LineReader(new MemoryStream(input), "input", MaxLineLength), template, idField: null, log: null);
        try
        {
            while (reader.Next() is { } operation)
            {
                byte[][] arguments = template.Expand(operation.Input, port: null);

                // However hostile the line: it stays within the arguments that it was put into, and ends none of them early.
                Assert.Equal(3, arguments.Length);
                Assert.Equal("tool"u8.ToArray(), arguments[0]);
                Assert.True(arguments[1].AsSpan().StartsWith("--url="u8));
                Assert.All(arguments, static argument => Assert.False(argument.AsSpan().Contains((byte)0)));
            }

            return true;
        }
        catch (UsageException)
        {
            return false;
        }
    });

    [Fact]
    public void OperationReader_AnyLinesWithIds_HaveAnIdOrAreRefused() => _fuzzer.Run(Corpus.Read("lines"), input =>
    {
        var reader = new OperationReader(new LineReader(new MemoryStream(input), "input", MaxLineLength), new CommandTemplate(["tool"], leasesPort: false), idField: "id", log: null);
        try
        {
            while (reader.Next() is { } operation)
            {
                Assert.NotEmpty(operation.Id!);
            }

            return true;
        }
        catch (UsageException)
        {
            return false;
        }
    });

    [Fact]
    public void Duration_AnyText_IsReadBackAlikeOrRefused() => _fuzzer.Run(Corpus.Read("durations"), input =>
    {
        if (!DurationText.TryParse(Encoding.Latin1.GetString(input), out TimeSpan duration))
        {
            return false;
        }

        Assert.True(duration >= TimeSpan.Zero);
        Assert.True(DurationText.TryParse(DurationText.Format(duration), out TimeSpan again));
        Assert.Equal(duration, again);
        return true;
    });
}
