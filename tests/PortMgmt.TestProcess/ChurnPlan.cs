using System.Globalization;

namespace PortMgmt.TestProcess;

/// <summary>How a churning process works and what happens to it; its arguments in order.</summary>
/// <param name="Seed">Of its choices.</param>
/// <param name="Fault">What goes wrong in it.</param>
/// <param name="Interval">At which step.</param>
/// <param name="LongestPause">Between two rounds of work, in milliseconds.</param>
/// <param name="DateJumps">Whether its date is set at every look.</param>
/// <param name="MayLose">Whether the registry may be taken from under it, so that a lease may be lost and a call refused.</param>
public sealed record ChurnPlan(int Seed, Fault Fault = Fault.None, int Interval = 1, int LongestPause = 20, bool DateJumps = false, bool MayLose = false)
{
    public static ChurnPlan Parse(string[] words) => new(
        int.Parse(words[0], CultureInfo.InvariantCulture),
        Enum.Parse<Fault>(words[1]),
        int.Parse(words[2], CultureInfo.InvariantCulture),
        int.Parse(words[3], CultureInfo.InvariantCulture),
        bool.Parse(words[4]),
        bool.Parse(words[5]));

    public string[] ToArguments() =>
    [
        Seed.ToString(CultureInfo.InvariantCulture), Fault.ToString(), Interval.ToString(CultureInfo.InvariantCulture),
        LongestPause.ToString(CultureInfo.InvariantCulture), DateJumps.ToString(), MayLose.ToString(),
    ];
}
