import type { Messages } from './messages.ts'

export const ptBR: Messages = {
  problem: 'Problema',
  needHelp: 'Precisa de ajuda?',
  contactSupport: 'Falar com o suporte',
  application: 'Aplicativo',
  opensInNewTab: 'abre em uma nova aba',
  login: {
    title: (application) => `Entre para continuar em ${application}`,
    toAccount: 'Entre na sua conta',
    username: 'E-mail ou nome de usuário',
    password: 'Senha',
    submit: 'Entrar',
    problems: {
      wrong_credentials: 'O nome de usuário ou a senha está incorreto. Confira os dois e tente de novo.',
      too_many_attempts: 'Tentativas demais. Espere alguns minutos e tente de novo.',
      blocked:
        'Esta conta está bloqueada. Se enviamos um e-mail sobre isso, siga o link que está nele. Caso contrário, fale com o suporte.',
      missing_credentials: 'Informe seu nome de usuário e sua senha.',
      too_busy: 'Muitas pessoas estão entrando neste momento. Aguarde alguns segundos e tente novamente.',
      expired_form: 'Esta página ficou aberta por tempo demais. Entre novamente.',
    },
  },
  consent: {
    title: (application) => `${application} está pedindo acesso`,
    asksForApi: (application, api) => `${application} quer usar ${api} em seu nome.`,
    asksForIdentity: (application) => `${application} quer saber quem é você.`,
    firstParty: (tenant) => `Um aplicativo de ${tenant}`,
    thirdParty: (tenant) => `Não é operado por ${tenant}`,
    loggedInAs: 'Você entrou como',
    notYou: 'Não é você?',
    permissions: 'O que ele poderá fazer',
    choose: 'Desmarque o que você não quer permitir.',
    required: 'sempre necessário',
    sentTo: 'Sua resposta será enviada para',
    policy: 'Política de privacidade',
    terms: 'Termos de serviço',
    accept: 'Permitir',
    deny: 'Recusar',
    scopes: {
      openid: 'Reconhecer você quando entrar de novo',
      profile: 'Ver seu nome, sua foto e outros dados do seu perfil',
      email: 'Ver seu endereço de e-mail',
      address: 'Ver seu endereço postal',
      phone: 'Ver seu número de telefone',
      offline_access: 'Manter este acesso enquanto você não estiver usando o aplicativo',
    },
  },
  error: {
    kinds: {
      authorization_request: {
        title: 'Esta solicitação não pôde ser aceita',
        text: 'O aplicativo nos enviou uma solicitação que não podemos atender. Você não fez nada de errado: volte ao aplicativo e tente de novo. Se acontecer outra vez, avise os responsáveis pelo aplicativo.',
      },
      logout_request: {
        title: 'Não foi possível aceitar esta saída',
        text: 'O aplicativo nos enviou um pedido de saída que não podemos atender. Volte ao aplicativo ou feche esta página.',
      },
      expired_transaction: {
        title: 'Esta página expirou',
        text: 'Ela ficou aberta por tempo demais ou já foi usada. Volte ao aplicativo e comece de novo.',
      },
      not_found: {
        title: 'Não há nada aqui',
        text: 'O endereço pode estar errado ou o link pode ser antigo demais. Volte ao aplicativo e tente de novo.',
      },
      too_many_requests: {
        title: 'Um momento, por favor',
        text: 'Houve solicitações demais em pouco tempo. Espere um minuto e tente de novo.',
      },
      server_error: {
        title: 'Algo deu errado do nosso lado',
        text: 'Não foi culpa sua. Volte ao aplicativo e tente de novo daqui a pouco.',
      },
      forbidden_form: {
        title: 'Este formulário não é mais válido',
        text: 'Para sua segurança, só aceitamos formulários que nós mesmos mostramos a você. Volte ao aplicativo e comece de novo.',
      },
    },
    forDevelopers: 'Para desenvolvedores',
    code: 'Erro',
    description: 'O que aconteceu',
    clause: 'Regra',
    help: 'O que fazer',
    requestId: 'ID da solicitação',
  },
  setup: {
    title: 'Criar a primeira conta de administração',
    text: (tenant) => `${tenant} está no ar. Escolha a conta que vai cuidar da administração.`,
    email: 'E-mail',
    password: 'Senha',
    passwordHint:
      'Pelo menos 12 caracteres. Algumas palavras ao acaso são fáceis de lembrar e difíceis de adivinhar.',
    passwordAgain: 'Repita a senha',
    submit: 'Criar conta de administração',
    problems: {
      invalid_email: 'Este não é um endereço de e-mail. Confira e tente de novo.',
      weak_password: 'Esta senha é fácil demais de adivinhar. Escolha uma mais longa.',
      passwords_differ: 'As duas senhas não são iguais. Digite-as de novo.',
    },
  },
  device: {
    title: 'Conectar um dispositivo',
    text: 'Digite o código que seu dispositivo mostra.',
    code: 'Código do dispositivo',
    codeHint: 'Maiúsculas, hifens e espaços não fazem diferença.',
    submit: 'Continuar',
    shows: 'Seu dispositivo deve mostrar este código',
    warning:
      'Só continue se você mesmo iniciou isto e está com o dispositivo à sua frente. Se alguém enviou um link ou um código a você, pare aqui.',
    problems: {
      unknown_code: 'Este código é desconhecido ou não é mais válido. Compare-o com o do seu dispositivo.',
      too_many_attempts: 'Tentativas demais. Espere alguns minutos e tente de novo.',
      expired_form: 'Esta página ficou aberta por tempo demais. Digite o código novamente.',
    },
  },
  home: {
    title: 'Este é um servidor de login',
    text: (tenant) =>
      `${tenant} o utiliza para que as pessoas entrem em seus aplicativos. Para entrar, abra o aplicativo que deseja usar.`,
    applications: 'Ver quais aplicativos podem agir em seu nome',
    developers: 'Quem desenvolve encontra tudo em',
  },
  unblock: {
    title: 'Abrir sua conta novamente?',
    text: 'Alguém tentou entrar na sua conta com senhas erradas. Se foi você, pode tentar de novo agora mesmo.',
    submit: 'Abrir minha conta',
  },
  logout: {
    title: 'Sair?',
    text: (user) => `Você entrou como ${user}. Ao sair, sua sessão termina em todos os aplicativos.`,
    submit: 'Sair',
    stay: 'Continuar conectado',
  },
  loggedOut: {
    title: 'Você saiu',
    text: 'Você já pode fechar esta página.',
    goingOn: 'Em instantes você volta ao aplicativo.',
    goOn: 'Voltar ao aplicativo',
  },
  applications: {
    title: 'Aplicativos com acesso',
    text: 'Estes aplicativos podem agir em seu nome ou saber quem você é. Remova os que você não usa mais.',
    none: 'Nenhum aplicativo tem acesso à sua conta.',
    identity: 'Seu perfil',
    allowedOn: (date) => `Permitido em ${date}`,
    staysConnected: 'Continua conectado quando você não está',
    revoke: (application) => `Remover o acesso de ${application}`,
    effect: (application) => `${application} terá de pedir de novo antes de receber algo novo.`,
    delay: (duration) =>
      `Com uma API que não nos consulta, os aplicativos podem continuar funcionando por até ${duration}.`,
    confirm: 'Remover o acesso',
    removed: (application) => `${application} não tem mais acesso.`,
  },
  formPost: {
    title: 'Voltar ao aplicativo',
    text: 'Sua resposta está pronta. Envie-a ao aplicativo para continuar.',
    submit: 'Continuar',
  },
  message: {
    setup_done: {
      title: 'Tudo pronto',
      text: 'A conta de administração foi criada. Agora descreva seu primeiro aplicativo em um arquivo de locatário e carregue-o com o comando “valetkey apply tenant.yaml”.',
    },
    account_unblocked: {
      title: 'Sua conta foi desbloqueada',
      text: 'Volte ao aplicativo e entre.',
    },
    setup_link_invalid: {
      title: 'Este link não é mais válido',
      text: 'Ele já foi usado, é antigo demais ou foi substituído por um mais recente. Se ainda não houver conta de administração, reinicie o servidor para obter um novo link.',
    },
    link_invalid: {
      title: 'Este link não é mais válido',
      text: 'Ele já foi usado ou é antigo demais. Volte ao aplicativo e peça um novo.',
    },
    device_connected: {
      title: 'Seu dispositivo está conectado',
      text: 'Você pode fechar esta página e continuar no dispositivo.',
    },
    device_declined: {
      title: 'O dispositivo não foi conectado',
      text: 'Ele não recebe nenhum acesso. Você pode fechar esta página.',
    },
    still_logged_in: {
      title: 'Você continua conectado',
      text: 'Nada foi alterado. Você pode fechar esta página.',
    },
  },
}
