using System.Globalization;
using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using Xunit;

namespace PortMgmt.Core.Tests.Metrics;

public sealed class TypeTallyTests
{
    private static readonly TypeCount One = new(1, 0, 1, 10);

    [Fact]
    public void FiguresTypesBeyondTheMostAreTogetherAndTheFirstOnesGoOn()
    {
        var tally = new TypeTally();
        for (int i = 0; i < TypeTally.MaxTypes + 3; i++)
        {
            tally.Add(i.ToString(CultureInfo.InvariantCulture), One);
        }

        tally.Add("5", One);

        List<OperationTypeCounts> figures = tally.ToFigures();

        Assert.Equal(TypeTally.MaxTypes + 1, figures.Count);
        Assert.Equal(("5", 2L), (figures[0].Type, figures[0].Ended));
        Assert.Equal((null, 3L), (figures[^1].Type, figures[^1].Ended));
    }

    [Fact]
    public void FiguresTypeOfWhichNoneRanHasNoMean()
    {
        var tally = new TypeTally();
        tally.Add("refused", new TypeCount(2, 2, 0, 0));
        tally.Add("ran", new TypeCount(2, 0, 2, 40));

        Assert.Equal(
            [("ran", new TimeSpan(20)), ("refused", TimeSpan.Zero)],
            tally.ToFigures().Select(static figures => (figures.Type, figures.MeanDuration)));
    }

    [Fact]
    public void AddToAnotherKeepsEveryCount()
    {
        TypeTally one = new(), other = new();
        for (int i = 0; i < TypeTally.MaxTypes + 2; i++)
        {
            one.Add(i.ToString(CultureInfo.InvariantCulture), One);
        }

        other.Add("0", One);
        other.Add("only", One);

        one.AddTo(other);

        List<OperationTypeCounts> figures = other.ToFigures();
        Assert.Equal(TypeTally.MaxTypes + 4, figures.Sum(static type => type.Ended));
        Assert.Equal(2, figures.Single(static type => type.Type == "0").Ended);
    }
}
