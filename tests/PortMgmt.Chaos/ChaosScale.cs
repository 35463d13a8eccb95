using System.Globalization;

namespace PortMgmt.Chaos;

/// <summary>How much is done: a little in an ordinary test run, as many rounds as the environment variable PORTMGMT_CHAOS says in a long one.</summary>
internal static class ChaosScale
{
    public const string Variable = "PORTMGMT_CHAOS";

    private static readonly int? Asked =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) && rounds > 0 ? rounds : null;

    /// <summary>Whether a long run was asked for.</summary>
    public static bool IsLong => Asked is not null;

    public static int Rounds => Asked ?? 2;

    /// <summary>The number of the first round, which decides what happens in it: a long run can be done in pieces.</summary>
    public static int FirstRound =>
        int.TryParse(Environment.GetEnvironmentVariable("PORTMGMT_CHAOS_FROM"), NumberStyles.None, CultureInfo.InvariantCulture, out int first) ? first : 1;

    public static int Workers => Asked is null ? 12 : 40;

    /// <summary>Leases that are there all the time, and that no round may touch.</summary>
    public static int StandingLeases => Asked is null ? 2000 : 50_000;
}
