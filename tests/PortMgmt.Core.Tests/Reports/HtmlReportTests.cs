using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PortMgmt.Reports;
using Xunit;

namespace PortMgmt.Core.Tests.Reports;

public sealed partial class HtmlReportTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>\u001b[31m\u202e\ud800";

    [Fact]
    public void Make_NothingRan_IsAPageWithoutCharts()
    {
        string page = new SampleReports().Page();

        XElement root = Parse(page);
        Assert.Equal("nightly", root.Descendants("h1").Single().Value);
        Assert.Empty(root.Descendants("svg"));
        Assert.Contains("Nothing speaks against the settings.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_HostileTexts_AreTextAndNeverMarkup()
    {
        string page = new SampleReports(Hostile).Run([(Hostile, Hostile, Hostile, TimeSpan.FromMilliseconds(5), Hostile + "\nsecond line")]).Page();

        XElement root = Parse(page);
        Assert.Empty(root.Descendants("script"));
        Assert.Empty(root.Descendants("img"));
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain('\u202e', page);
        Assert.Contains(root.Descendants("td"), cell => cell.Value.Contains("<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>\\u001b[31m\\u202e", StringComparison.Ordinal));
        Assert.Contains(root.Descendants("td"), cell => cell.Value.EndsWith("\nsecond line", StringComparison.Ordinal));
    }

    [Fact]
    public void Make_AnyReport_NeedsNothingElse()
    {
        string page = Typical().Page();

        Assert.DoesNotMatch("(?i)(src|href)=\"(?!#)", page);
        Assert.DoesNotMatch("(?i)@import|url\\(|<script|<link", page);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("@media print", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_EveryChart_HasATitleAndADescriptionInWords()
    {
        XElement root = Parse(Typical().Page());

        XElement[] charts = [.. root.Descendants("svg")];
        Assert.Equal(["wide", "narrow", "wide", "narrow"], charts.Select(chart => (string?)chart.Attribute("class")));
        foreach (XElement chart in charts)
        {
            Assert.Equal("img", (string?)chart.Attribute("role"));
            string[] labels = ((string?)chart.Attribute("aria-labelledby"))!.Split(' ');
            Assert.All(labels, label => Assert.NotEmpty(chart.Elements().Single(element => (string?)element.Attribute("id") == label).Value));
        }

        Assert.Contains("median 5.0", charts[0].Element("desc")!.Value.Replace("5.06", "5.0", StringComparison.Ordinal).Replace("5.04", "5.0", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Make_Ids_AreUnique()
    {
        string page = HtmlReport.Create([Typical().Take(), Typical().Take()], DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc);

        string[] ids = [.. Parse(page).DescendantsAndSelf().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct().Count(), ids.Length);
        Assert.Equal(["#d1", "#d2"], Parse(page).Element("body")!.Element("nav")!.Elements("a").Select(link => (string?)link.Attribute("href")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public void Make_AnyNumberOfBursts_StaysWithinTheDrawing(int gaps)
    {
        SampleReports sample = Typical();
        for (int i = 0; i < gaps; i++)
        {
            sample.Idle(TimeSpan.FromHours(1 + i)).Run([("late", null, null, TimeSpan.FromMilliseconds(20 + i), null)]);
        }

        XElement[] charts = [.. Parse(sample.Page()).Descendants("svg")];

        foreach (XElement chart in charts)
        {
            double[] box = [.. ((string)chart.Attribute("viewBox")!).Split(' ').Select(Number)];
            Assert.NotEmpty(chart.Descendants("rect"));
            Assert.All(chart.Descendants("rect"), bar =>
            {
                Assert.InRange(Of(bar, "x"), 0, box[2]);
                Assert.InRange(Of(bar, "x") + Of(bar, "width"), 0, box[2] + 1);
                Assert.InRange(Of(bar, "y"), 0, box[3]);
                Assert.InRange(Of(bar, "y") + Of(bar, "height"), 0, box[3]);
            });
        }

        Assert.All(charts[2..], chart => Assert.Equal(gaps == 1, chart.Value.Contains("idle 1 h", StringComparison.Ordinal) && gaps < 2));
    }

    [Fact]
    public void Make_BurstThatTowersAboveTheRest_IsCutAndTold()
    {
        SampleReports sample = Typical();
        sample.Run(Enumerable.Range(0, 100).Select(_ => ("quick", (string?)null, (string?)null, TimeSpan.Zero, (string?)null)));
        sample.Run(Enumerable.Range(0, 300).Select(_ => ("slow", (string?)null, (string?)null, TimeSpan.FromMilliseconds(100), (string?)null)));

        XElement chart = Parse(sample.Page()).Descendants("svg").Last();

        Assert.Contains(chart.Elements("text"), text => (string?)text.Attribute("y") == "30" && Number(text.Value) > 100);
        Assert.All(chart.Elements("rect"), bar => Assert.InRange(Of(bar, "height"), 0, 104));
    }

    [Fact]
    public void Make_ManyStretchesOfTime_BarsAreWideEnoughToBeToldApart()
    {
        SampleReports sample = new SampleReports().Run(Enumerable.Range(0, 2000).Select(i => ($"input {i}", (string?)null, (string?)null, TimeSpan.FromMilliseconds(20 + (i % 7)), (string?)null)));

        foreach (XElement chart in Parse(sample.Page()).Descendants("svg").Skip(2))
        {
            double[] widths = [.. chart.Elements("rect").Where(bar => (string?)bar.Attribute("class") == "total").Select(bar => Of(bar, "width"))];
            Assert.InRange(widths.Length, 24, 49);
            Assert.All(widths[..^1], width => Assert.True(width > 5, $"A bar is {width} wide."));
        }
    }

    [Fact]
    public void Make_TilesWithWaiting_SayWhatItIsWithout()
    {
        XElement tile = Parse(Typical().Page()).Descendants("dt").Single(name => name.Value == "Median with waiting").Parent!;

        Assert.Matches("^4(\\.\\d+)? ms without$", tile.Elements("dd").Last().Value);
    }

    [Fact]
    public void Make_EveryCellOfATableWithHeads_NamesItsColumn()
    {
        foreach (XElement table in Parse(Typical().Page()).Descendants("table").Where(table => table.Element("thead") is not null))
        {
            string[] heads = [.. table.Descendants("thead").Descendants("th").Select(head => head.Value)];
            foreach (XElement row in table.Element("tbody")!.Elements("tr"))
            {
                XElement[] cells = [.. row.Elements()];
                Assert.Equal(heads[1..], cells[1..].Select(cell => (string?)cell.Attribute("data-label")));
            }
        }
    }

    [Fact]
    public void Make_LatencyBars_AreAllOperations()
    {
        XElement chart = Parse(Typical().Page()).Descendants("svg").First();

        long counted = chart.Elements("rect").Where(bar => (string?)bar.Attribute("class") == "total")
            .Sum(bar => long.Parse(CountInTitle().Match(bar.Element("title")!.Value).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

        Assert.Equal(51, counted);
    }

    [Fact]
    public void Make_FailedOperations_HaveTheirErrorAndFindingsTheirAdvice()
    {
        XElement root = Parse(Typical().Page());

        Assert.Contains(root.Descendants("td"), cell => cell.Value == "no luck");
        Assert.Contains(root.Descendants("li"), item => item.Value.Contains("SlowTail", StringComparison.Ordinal));
        Assert.Contains(root.Descendants("h2"), heading => heading.Value == "Types of operations");
    }

    [Fact]
    public void Make_NoReport_IsAnError() => Assert.Throws<ArgumentException>(() => HtmlReport.Create([], DateTimeOffset.UnixEpoch));

    private static SampleReports Typical() => new SampleReports().Run(
        Enumerable.Range(0, 50).Select(i => ($"input {i}", (string?)null, (string?)(i % 2 == 0 ? "even" : "odd"), TimeSpan.FromMilliseconds(4), (string?)null))
            .Append(("bad", "bad", "odd", TimeSpan.FromMilliseconds(400), "no luck")));

    /// <summary>The page as XML, which it is but for its void elements: whatever is not well-formed fails.</summary>
    private static XElement Parse(string page)
    {
        string xml = VoidElement().Replace(page.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<$1$2/>");
        return XElement.Parse(StyleElement().Replace(xml, ""), LoadOptions.PreserveWhitespace);
    }

    private static double Of(XElement bar, string name) => Number((string)bar.Attribute(name)!);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("<(meta|br)([^>]*)>")]
    private static partial Regex VoidElement();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();

    [GeneratedRegex(": ([0-9,]+) \\(")]
    private static partial Regex CountInTitle();
}
