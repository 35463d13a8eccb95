using System.Globalization;
using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using Xunit;

namespace PortMgmt.Core.Tests.Metrics;

public sealed class TypeTallyTests
{
    [Fact]
    public void Figures_TypesBeyondTheMost_AreTogetherAndTheFirstOnesGoOn()
    {
        var tally = new TypeTally();
        for (int i = 0; i < TypeTally.MaxTypes + 3; i++)
        {
            AddOne(tally, i.ToString(CultureInfo.InvariantCulture));
        }

        AddOne(tally, "5");

        List<OperationTypeCounts> figures = tally.ToFigures();

        Assert.Equal(TypeTally.MaxTypes + 1, figures.Count);
        Assert.Equal(("5", 2L), (figures[0].Type, figures[0].Ended));
        Assert.Equal((null, 3L), (figures[^1].Type, figures[^1].Ended));
    }

    [Fact]
    public void Figures_TypeOfWhichNoneRan_HasNoMean()
    {
        var tally = new TypeTally();
        tally.Add("refused", 2, 2, 0, 0);
        tally.Add("ran", 2, 0, 2, 40);

        Assert.Equal(
            [("ran", new TimeSpan(20)), ("refused", TimeSpan.Zero)],
            tally.ToFigures().Select(static figures => (figures.Type, figures.MeanDuration)));
    }

    [Fact]
    public void AddTo_Another_KeepsEveryCount()
    {
        TypeTally one = new(), other = new();
        for (int i = 0; i < TypeTally.MaxTypes + 2; i++)
        {
            AddOne(one, i.ToString(CultureInfo.InvariantCulture));
        }

        AddOne(other, "0");
        AddOne(other, "only");

        one.AddTo(other);

        List<OperationTypeCounts> figures = other.ToFigures();
        Assert.Equal(TypeTally.MaxTypes + 4, figures.Sum(static type => type.Ended));
        Assert.Equal(2, figures.Single(static type => type.Type == "0").Ended);
    }

    private static void AddOne(TypeTally tally, string type) => tally.Add(type, 1, 0, 1, 10);
}
