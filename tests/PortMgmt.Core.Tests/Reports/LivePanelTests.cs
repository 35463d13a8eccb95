using System.Text.RegularExpressions;
using PortMgmt.Metrics;
using PortMgmt.Reports;
using Xunit;

namespace PortMgmt.Core.Tests.Reports;

public sealed partial class LivePanelTests
{
    private static readonly PanelSnapshot Typical = new()
    {
        Title = "nightly",
        Elapsed = TimeSpan.FromSeconds(10),
        Accepted = 1000,
        Ended = 250,
        Failed = 5,
        Running = 8,
        Limit = 8,
        IsInputComplete = true,
        Service = new LatencySummary { Count = 250, P50 = TimeSpan.FromMilliseconds(12), P95 = TimeSpan.FromMilliseconds(40), P99 = TimeSpan.FromMilliseconds(90), Max = TimeSpan.FromSeconds(2) },
    };

    private readonly LivePanel _panel = new();

    [Fact]
    public void DrawInputCompleteTellsHowMuchIsLeft()
    {
        Sample(50, 0);
        IReadOnlyList<string> lines = Draw(Typical, 100);

        Assert.Equal("nightly  250 of 1,000 done, 10 s so far, about 30 s left", lines[0]);
        Assert.Equal($"{new string('━', 15)}{new string('─', 45)}  25 %", lines[1]);
        Assert.Equal("running  8 of 8, 742 waiting   failed 5 (2 %)", lines[3]);
        Assert.Equal("took     p50 12 ms   p95 40 ms   p99 90 ms   max 2 s", lines[4].TrimEnd());
    }

    [Fact]
    public void DrawInputOpenTellsNoTimeLeftAndNoShare()
    {
        IReadOnlyList<string> lines = Draw(Typical with { IsInputComplete = false }, 100);

        Assert.Equal("nightly  250 done, 1,000 so far, 10 s so far", lines[0]);
        Assert.Equal(4, lines.Count);
    }

    [Fact]
    public void DrawInputOpenOfKnownSizeTellsAboutHowMuchIsLeft()
    {
        Sample(50, 0);
        IReadOnlyList<string> lines = Draw(Typical with { IsInputComplete = false, Expected = 2250 }, 100);

        Assert.Equal("nightly  250 of about 2,250 done, 10 s so far, about 80 s left", lines[0]);
        Assert.EndsWith("  11.1 %", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void DrawNothingEndedYetSaysSo()
    {
        IReadOnlyList<string> lines = Draw(new PanelSnapshot { Title = "x" }, 80);

        Assert.Contains("failed none", lines[2], StringComparison.Ordinal);
        Assert.Contains("nothing ended yet", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void DrawSparklineIsTheRateFromLookToLook()
    {
        foreach (long ended in new[] { 0, 10, 30, 30, 110 })
        {
            Sample(ended, _elapsed++);
        }

        Assert.EndsWith("▂▃▁█", Draw(Typical, 100)[2], StringComparison.Ordinal);
        Assert.EndsWith(".-_#", _panel.Draw(Typical, new PanelStyle(100, Colour: false, Unicode: false))[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(300)]
    public void DrawAnyWidthNoLineIsWider(int width)
    {
        for (int i = 0; i < 100; i++)
        {
            Sample(i * i, i);
        }

        foreach (bool colour in new[] { false, true })
        {
            IReadOnlyList<string> lines = _panel.Draw(Typical with { Title = "a fairly long title of a daemon 中文字" }, new PanelStyle(width, colour, Unicode: true));
            Assert.All(lines, line => Assert.InRange(Colours().Replace(line, "").Sum(character => character > '\u2e80' ? 2 : 1), 0, width));
        }
    }

    [Fact]
    public void DrawHostileTitleIsShownAndNotObeyed()
    {
        string line = Draw(Typical with { Title = "\u001b]0;x\u0007\n\u202ea" }, 200)[0];

        Assert.StartsWith("\\u001b]0;x\\u0007\\u000a\\u202ea", line, StringComparison.Ordinal);
    }

    [Fact]
    public void DrawColourOnlyWhereWanted()
    {
        Assert.DoesNotContain('\u001b', string.Concat(Draw(Typical, 100)));
        Assert.Contains("\u001b[31m5 (2 %)\u001b[0m", string.Concat(_panel.Draw(Typical, new PanelStyle(100, Colour: true, Unicode: true))), StringComparison.Ordinal);
    }

    [Fact]
    public void SummarizeIsOneLineOfPlainText()
    {
        Sample(50, 0);
        _panel.Sample(Typical);

        Assert.Equal("250 of 1,000 done, 20/s, 5 failed, p50 12 ms, p99 90 ms, 10 s so far, about 38 s left", _panel.Summarize(Typical));
    }

    [Fact]
    public void PlaceDrawsOverWhatItDrewAndErasesItAll()
    {
        var place = new LiveRegion();

        Assert.Equal("", place.Erase());
        Assert.Equal("\ra\u001b[K\nb\u001b[K\n\u001b[J", place.Draw(["a", "b"]));
        Assert.Equal("\r\u001b[2Ac\u001b[K\n\u001b[J", place.Draw(["c"]));
        Assert.Equal("\r\u001b[1A\u001b[J", place.Erase());
        Assert.Equal("", place.Erase());
    }

    private int _elapsed;

    private void Sample(long ended, int seconds) => _panel.Sample(Typical with { Ended = ended, Elapsed = TimeSpan.FromSeconds(seconds) });

    private IReadOnlyList<string> Draw(PanelSnapshot figures, int width)
    {
        if (figures.Ended > 0 && _elapsed == 0)
        {
            _panel.Sample(figures with { Ended = 250, Elapsed = TimeSpan.FromSeconds(8) });
        }

        return _panel.Draw(figures, new PanelStyle(width, Colour: false, Unicode: true));
    }

    [GeneratedRegex("\u001b\\[[0-9]+m")]
    private static partial Regex Colours();
}
