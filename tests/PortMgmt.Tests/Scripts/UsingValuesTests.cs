using System.Management.Automation;
using System.Text;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

[Collection(EngineTests.Name)]
public sealed class UsingValuesTests(EngineFixture engine)
{
    [Fact]
    public void Collect_Variable_IsFoundUnderTheEnginesKey()
    {
        KeyValuePair<string, object?> value = Assert.Single(Collect("$Answer = 42", "$using:Answer + $using:answer"));

        Assert.Equal(KeyOf("$using:answer"), value.Key);
        Assert.Equal(42, value.Value);
    }

    [Fact]
    public void Collect_NoUsing_IsEmpty() => Assert.Empty(Collect("$answer = 42", "$answer"));

    [Fact]
    public void Collect_SeveralVariables_HasEach()
    {
        Dictionary<string, object?> values = Collect("$one = 1; $two = 'zwei'", "$using:one; & { $using:two }");

        Assert.Equal(2, values.Count);
        Assert.Equal(1, values[KeyOf("$using:one")]);
        Assert.Equal("zwei", values[KeyOf("$using:two")]);
    }

    [Fact]
    public void Collect_VariableThatIsNull_IsNull() =>
        Assert.Equal(KeyValuePair.Create(KeyOf("$using:nothing"), (object?)null), Assert.Single(Collect("$nothing = $null", "$using:nothing")));

    [Theory]
    [InlineData("$table = @{ Name = 'web' }", "$using:table.Name", "web")]
    [InlineData("$list = 10, 20, 30", "$using:list[1]", 20)]
    [InlineData("$table = @{ Inner = @{ Port = 80 } }", "$using:table.Inner.Port", 80)]
    public void Collect_Expression_IsEvaluatedAndItsKeyIsTheTextAsItStands(string before, string expression, object expected)
    {
        KeyValuePair<string, object?> value = Assert.Single(Collect(before, expression));

        Assert.Equal(KeyOf(expression), value.Key);
        Assert.Equal(expected, value.Value);
    }

    [Theory]
    [InlineData("$using:global:own.a")]
    [InlineData("$using:variable:own.a")]
    [InlineData("$using:local:own['a']")]
    public void Collect_ExpressionOfAVariableWithItsScope_IsEvaluated(string expression) =>
        Assert.Equal("mine", Assert.Single(Collect("$own = @{ a = 'mine' }", expression)).Value);

    [Fact]
    public void Collect_CollectionOfOne_StaysACollection() =>
        Assert.Equal([7], Assert.IsType<object[]>(Assert.Single(Collect("$list = @(7)", "$using:list")).Value));

    [Fact]
    public void Collect_CustomObjectInAnExpression_KeepsItsProperties() =>
        Assert.Equal(1, Assert.IsType<PSObject>(Assert.Single(Collect("$table = @{ Row = [pscustomobject]@{ A = 1 } }", "$using:table.Row")).Value).Properties["A"].Value);

    [Fact]
    public void Collect_EnvironmentVariable_IsFound() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), Assert.Single(Collect("", "$using:env:PATH")).Value);

    [Fact]
    public void Collect_NoSuchVariable_NamesIt()
    {
        OperationException failure = Assert.Throws<OperationException>(() => Collect("", "$using:missing + 1"));

        Assert.Equal(OperationErrorCode.NameNotFound, failure.Code);
        Assert.StartsWith("$using:missing has no value", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ForEach-Object -Parallel { $using:inner }")]
    [InlineData("% -Par { $using:inner }")]
    [InlineData("% -Parallel:{ $using:inner }")]
    [InlineData("Start-ThreadJob { $using:inner }")]
    [InlineData("sajb { $using:inner }")]
    [InlineData("Invoke-Command -ComputerName web { $using:inner }")]
    [InlineData("icm web { & { $using:inner } }")]
    [InlineData("PortMgmt\\Start-OperationBatch { $using:inner }")]
    [InlineData("Start-OperationBatch -Raw -Id Name { $using:inner[1] }")]
    [InlineData("Start-OperationWorker web { $using:inner }")]
    public void Collect_VariableOfANestedCollector_IsLeftToIt(string block) => Assert.Empty(Collect("$inner = { 1 }", block));

    [Theory]
    [InlineData("% { $using:given }")]
    [InlineData("Invoke-Command { $using:given }")]
    [InlineData("Start-OperationBatch { 1 } -Metadata @{ a = $using:given }")]
    [InlineData("Start-OperationBatch -Id { $using:given } { 1 }")]
    [InlineData("1 | % -Parallel { 1 } -ThrottleLimit $using:given")]
    [InlineData("Start-Job { 1 } -ArgumentList $using:given")]
    public void Collect_VariableOutsideOfTheBlockOfANestedCollector_IsTheCallers(string block) =>
        Assert.Equal(3, Assert.Single(Collect("$given = 3", block)).Value);

    [Fact]
    public void Collect_ScriptBlock_IsRefusedByItsName()
    {
        OperationException failure = Assert.Throws<OperationException>(() => Collect("$block = { 1 }", "& $using:block"));

        Assert.Equal(OperationErrorCode.InvalidScriptBlockValue, failure.Code);
        Assert.StartsWith("$using:block is a script block", failure.Message, StringComparison.Ordinal);
    }

    private static string KeyOf(string expression) => Convert.ToBase64String(Encoding.Unicode.GetBytes(expression));

    private Dictionary<string, object?> Collect(string before, string block)
    {
        engine.Run(before);
        engine.Enter();
        return UsingValues.Collect(Blocks.Parse(block).GetScriptBlock(), engine.State, new BoundValues(engine.State, isAttended: false));
    }
}
