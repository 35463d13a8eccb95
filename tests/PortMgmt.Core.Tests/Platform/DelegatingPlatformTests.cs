using System.Reflection;
using PortMgmt.Platform;
using Xunit;

namespace PortMgmt.Core.Tests.Platform;

public sealed class DelegatingPlatformTests
{
    [Fact]
    public void Members_ThatAPlatformMayHaveOfItsOwn_AreAllHandedOn()
    {
        string[] open = [.. Methods(typeof(HostPlatform)).Where(method => method.IsVirtual && !method.IsFinal).Select(Name).Order()];
        string[] handedOn = [.. Methods(typeof(DelegatingPlatform)).Where(method => method.GetBaseDefinition().DeclaringType == typeof(HostPlatform)).Select(Name).Order()];

        Assert.NotEmpty(open);
        Assert.Equal(open, handedOn);
    }

    private static MethodInfo[] Methods(Type type) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    private static string Name(MethodInfo method) => $"{method.Name}/{method.GetParameters().Length}";
}
