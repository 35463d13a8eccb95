using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Registry;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Policy;

/// <summary>A registry's policy: as it is, and as it becomes, which is checked and written under the registry's lock. Thread-safe.</summary>
internal sealed class PolicyStore(RegistryAccess access)
{
    /// <summary>The policy as it is now.</summary>
    public PortPolicy Policy => access.Rules.Policy;

    /// <summary>Puts a policy in the place of the one before.</summary>
    public void Set(PortPolicy policy, CancellationToken cancellationToken) => Write(() => policy, cancellationToken);

    /// <summary>Makes a policy of the one before; no other change comes between.</summary>
    /// <returns>The new one.</returns>
    public PortPolicy Change(Func<PortPolicy, PortPolicy> change, CancellationToken cancellationToken) =>
        Write(() => change(PolicyFile.Read(access.Platform, access.Location.PolicyFile)), cancellationToken);

    /// <summary>What the policy has against a port for a name, whoever asks for it and how; a sentence without its full stop, or null for nothing.</summary>
    public string? FindRefusal(int port, PortProtocol protocol, string name, string scope)
    {
        PortRules rules = access.Rules;
        return rules.CheckHardRules(port, name, scope) switch
        {
            PortRefusal.None => null,
            PortRefusal.Reserved => PortRefusals.Reserved(rules, port, protocol),
            PortRefusal refusal => PortRefusals.Sentence(refusal, port, protocol),
        };
    }

    private PortPolicy Write(Func<PortPolicy> make, CancellationToken cancellationToken)
    {
        PortPolicy? policy = null;
        access.RunLocked(
            () =>
            {
                policy = make();
                PolicyRules.Check(policy);
                PolicyRules.CheckUsable(new PortRules(policy, access.Platform.ReadPortRules()));
                PolicyFile.Write(access.Platform, access.Location.PolicyFile, policy);
            },
            cancellationToken);
        return policy!;
    }
}
