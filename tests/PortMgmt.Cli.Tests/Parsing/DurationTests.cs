using System.CommandLine;
using System.Globalization;
using PortMgmt.Cli.Parsing;
using PortMgmt.Text;

namespace PortMgmt.Cli.Tests.Parsing;

public sealed class DurationTests
{
    private readonly Option<string> _option = new("--timeout");

    /// <summary>The table that holds for both heads.</summary>
    public static TheoryData<string, string> Rows =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "tables", "durations.csv")).Skip(1).Select(line => line.Split(';')).Select(row => (row[0], row[1]))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void GetDuration_TheTable_IsReadOrRefused(string text, string milliseconds)
    {
        ParseResult parsed = new RootCommand { _option }.Parse(["--timeout=" + text]);

        if (milliseconds.Length > 0)
        {
            Assert.Equal(double.Parse(milliseconds, CultureInfo.InvariantCulture), parsed.GetDuration(_option)!.Value.TotalMilliseconds);
        }
        else
        {
            UsageException refusal = Assert.Throws<UsageException>(() => parsed.GetDuration(_option));
            Assert.Equal($"'{text}' is no duration for --timeout. {DurationText.Explain(text)}", refusal.Message);
        }
    }
}
