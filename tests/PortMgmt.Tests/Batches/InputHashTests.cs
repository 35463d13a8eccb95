using System.Collections;
using System.Management.Automation;
using System.Text;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.PowerShell.Batches;
using Xunit;

namespace PortMgmt.Tests.Batches;

public sealed class InputHashTests
{
    [Fact]
    public void KeyOf_OperationWithAnId_IsTheIdsWhateverTheInput()
    {
        Assert.Equal(JobLogKey.OfId("web"), InputHash.KeyOf(new Operation<PSObject?>(1) { Id = "web" }));
        Assert.Equal(JobLogKey.OfId("web"), InputHash.KeyOf(new Operation<PSObject?>("other") { Id = "web" }));
    }

    [Theory]
    [InlineData("line")]
    [InlineData("grün")]
    [InlineData("")]
    public void KeyOf_Text_IsTheOneOfTheCommandLine(string text) =>
        Assert.Equal(JobLogKey.OfText(Encoding.UTF8.GetBytes(text)), InputHash.KeyOf(new Operation<PSObject?>(text)));

    [Fact]
    public void KeyOf_DifferentInputs_AreDifferent()
    {
        object?[] inputs =
        [
            null, "", "1", 1, 2, 1L, (byte)1, 1.5, true, "True", new Hashtable { ["a"] = 1 }, new Hashtable { ["a"] = 2 }, new object[] { 1, 2 },
            new object[] { 2, 1 }, new DateTime(2026, 1, 2), Guid.Empty,
        ];

        Assert.Equal(inputs.Length, inputs.Select(KeyOf).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void KeyOf_EqualInputs_AreTheSame()
    {
        Assert.Equal(KeyOf(1), KeyOf(1));
        Assert.Equal(KeyOf(new object[] { 1, "a" }), KeyOf(new object[] { 1, "a" }));
        Assert.Equal(KeyOf(new Hashtable { ["a"] = 1 }), KeyOf(new Hashtable { ["a"] = 1 }));
    }

    private static string KeyOf(object? input) => InputHash.KeyOf(new Operation<PSObject?>(input is null ? null : PSObject.AsPSObject(input)));
}
