using PortMgmt.Heads;
using Xunit;

namespace PortMgmt.Core.Tests.Heads;

public sealed class PortVariableTests
{
    [Theory]
    [InlineData("web", "WEB_PORT")]
    [InlineData("my-api", "MY_API_PORT")]
    [InlineData("@acme/web", "ACME_WEB_PORT")]
    [InlineData("http://shop:web", "HTTP_SHOP_WEB_PORT")]
    [InlineData("Web.1", "WEB_1_PORT")]
    [InlineData("__x--", "X_PORT")]
    [InlineData("3d", "_3D_PORT")]
    [InlineData("port", "PORT_PORT")]
    [InlineData("-.-", null)]
    [InlineData("", null)]
    public void FromName_AnyName_HasOneRule(string name, string? variable) => Assert.Equal(variable, PortVariable.FromName(name));

    [Theory]
    [InlineData("PORT")]
    [InlineData("HTTP_PORT")]
    [InlineData("_web")]
    [InlineData("pgport")]
    [InlineData("ASPNETCORE_HTTP_PORTS")]
    [InlineData("NODE_PORT")]
    [InlineData("GIT_PORT_1")]
    [InlineData("SSH_PORTS")]
    [InlineData("LISTEN_PORT")]
    public void FindFault_WhatAPortIsCalled_IsNone(string variable) => Assert.Null(PortVariable.FindFault(variable));

    [Theory]
    [InlineData("PATH")]
    [InlineData("Path")]
    [InlineData("HOME")]
    [InlineData("IFS")]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_PORT")]
    [InlineData("ld_library_path")]
    [InlineData("DYLD_INSERT_LIBRARIES")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("DOTNET_PORT")]
    [InlineData("CORECLR_PROFILER")]
    [InlineData("PSModulePath")]
    [InlineData("PS1")]
    [InlineData("ENV")]
    [InlineData("BASH_ENV")]
    [InlineData("BASH_XTRACEFD")]
    [InlineData("SHELLOPTS")]
    [InlineData("PROMPT_COMMAND")]
    [InlineData("NODE_OPTIONS")]
    [InlineData("npm_config_script_shell")]
    [InlineData("PYTHONSTARTUP")]
    [InlineData("PERL5OPT")]
    [InlineData("RUBYOPT")]
    [InlineData("GIT_SSH_COMMAND")]
    [InlineData("JAVA_TOOL_OPTIONS")]
    [InlineData("PORTMGMT_REGISTRY")]
    [InlineData("LISTEN_FDS")]
    [InlineData("ComSpec")]
    [InlineData("_")]
    public void FindFault_WhatOthersReadOtherwise_SaysSo(string variable) =>
        Assert.Contains($"'{variable}' is an environment variable from which", PortVariable.FindFault(variable), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("1A")]
    [InlineData("A-B")]
    [InlineData("A=B")]
    [InlineData("PÖRT")]
    [InlineData("A\n")]
    [InlineData("A\0")]
    [InlineData(" A")]
    public void FindFault_NoShellReads_SaysSo(string variable) =>
        Assert.Contains("is no name of an environment variable", PortVariable.FindFault(variable), StringComparison.Ordinal);
}
