using System.Globalization;

namespace PortMgmt.TestKit.Fuzz;

/// <summary>How many inputs are tried: as many thousands for each target as the environment variable PORTMGMT_FUZZ says; 2 thousand in an ordinary run.</summary>
public static class FuzzScale
{
    public const string Variable = "PORTMGMT_FUZZ";

    private const int OrdinaryThousands = 2;

    public static int Inputs { get; } =
        1000 * (int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out int thousands) && thousands > 0 ? thousands : OrdinaryThousands);
}
