using FsCheck;
using FsCheck.Fluent;
using PortMgmt.Ports;

namespace PortMgmt.Core.Tests.Leases.Model;

/// <summary>One step of a random history. A kind uses what it needs of the rest.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Name">The label.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Owner">The process; 0 for nobody.</param>
/// <param name="Number">A port from the start of the range, a count, or which of the leases ever made.</param>
/// <param name="Seconds">A time to live, 0 for none; or how long passes.</param>
internal sealed record ModelStep(StepKind Kind, string Name, PortProtocol Protocol, int Owner, int Number, double Seconds)
{
    public static Arbitrary<ModelStep[]> Histories()
    {
        Gen<ModelStep> step =
            from kind in Gen.Elements(Enum.GetValues<StepKind>())
            from name in Gen.Elements("web", "api", "WEB", "")
            from protocol in Gen.Elements(PortProtocol.Tcp, PortProtocol.Tcp, PortProtocol.Udp, PortProtocol.Both)
            from owner in Gen.Elements(2, 2, 3, 4, 0)
            from number in Gen.Choose(0, 1000)
            from seconds in Gen.Elements(0, 0, 0.001, 5, 59.999, 60, 300)
            select new ModelStep(kind, name, protocol, owner, number, seconds);
        return Arb.From(step.ArrayOf(), Shorter);
    }

    private static IEnumerable<ModelStep[]> Shorter(ModelStep[] steps)
    {
        for (int half = steps.Length / 2; half > 0; half /= 2)
        {
            for (int start = 0; start + half <= steps.Length; start += half)
            {
                yield return [.. steps[..start], .. steps[(start + half)..]];
            }
        }
    }
}
